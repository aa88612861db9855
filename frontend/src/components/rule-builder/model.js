// The rule as a tree: finding, changing and moving parts of it, and its history. No document here.
// A path is a list of steps from the root group: an index among a group's nodes, or "where" into a related block.
export const MODES = ["all", "any", "none"];
const HISTORY_LIMIT = 200;
const SAME_EDIT_MS = 1200; // typing into one chip within this time is one step of undo

export const modeOf = (group) => MODES.find((mode) => Array.isArray(group?.[mode]));
export const isGroup = (node) => modeOf(node) !== undefined;
export const nodesOf = (group) => group[modeOf(group)];
export const keyOf = (path, part) => `${path.join(".")}:${part}`; // names a part of what is drawn of it
export const copy = (value) => structuredClone(value);

export function read(text) {
  try {
    const rule = JSON.parse(text || "{}");
    if (isGroup(rule)) return rule;
    return Object.keys(rule).length ? { all: [rule] } : { all: [] };
  } catch {
    return { all: [] };
  }
}

export function at(root, path) {
  return path.reduce((node, step) => (step === "where" ? node?.where : nodesOf(node)?.[step]), root);
}

export function setMode(group, mode) {
  const nodes = nodesOf(group);
  delete group[modeOf(group)];
  group[mode] = nodes;
}

export function insert(root, groupPath, index, node) {
  const target = at(root, groupPath);
  nodesOf(target).splice(index, 0, node);
}

export function remove(root, path) {
  const [node] = nodesOf(at(root, path.slice(0, -1))).splice(path.at(-1), 1);
  return node;
}

const startsWith = (path, start) => start.every((step, i) => path[i] === step);

// The table whose rows the conditions at this path speak of: the path of the related block, or "" for customers.
export const scopeOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("where"))).join(".");

export function canMove(root, from, groupPath) {
  return !startsWith(groupPath, from) && scopeOf(from) === scopeOf([...groupPath, 0]);
}

// Moves a node to before `index` of a group; the new path, or null where that is not possible.
export function move(root, from, groupPath, index) {
  if (!canMove(root, from, groupPath)) return null;
  const node = remove(root, from);
  const level = from.length - 1;
  const target = [...groupPath];
  if (startsWith(target, from.slice(0, -1)) && target.length > level && target[level] > from[level]) target[level] -= 1;
  const same = target.length === level && startsWith(target, from.slice(0, -1));
  const place = same && index > from[level] ? index - 1 : index;
  insert(root, target, place, node);
  return [...target, place];
}

// One step up or down, out of a group at its edge; the new path, or null at the end of the way.
export function nudge(root, path, step) {
  const groupPath = path.slice(0, -1);
  const index = path.at(-1) + step;
  const nodes = nodesOf(at(root, groupPath));
  const neighbour = nodes[index];
  if (neighbour && isGroup(neighbour)) return move(root, path, [...groupPath, index], step > 0 ? 0 : nodesOf(neighbour).length);
  if (neighbour) return move(root, path, groupPath, step > 0 ? index + 1 : index);
  if (!groupPath.length || groupPath.at(-1) === "where") return null;
  return move(root, path, groupPath.slice(0, -1), groupPath.at(-1) + (step > 0 ? 1 : 0));
}

export function wrap(root, path) {
  const parent = nodesOf(at(root, path.slice(0, -1)));
  parent[path.at(-1)] = { any: [parent[path.at(-1)]] };
}

// Lifts the nodes of a group into its parent.
export function unwrap(root, path) {
  const parent = nodesOf(at(root, path.slice(0, -1)));
  parent.splice(path.at(-1), 1, ...nodesOf(parent[path.at(-1)]));
}

export function placeOf(root, path) {
  let node = root;
  return path.reduce((text, step) => {
    if (step === "where") {
      node = node.where;
      return `${text}.where`;
    }
    const mode = modeOf(node);
    node = node[mode][step];
    return `${text}.${mode}[${step}]`;
  }, "rule");
}

export class History {
  constructor(rule) {
    this.past = [];
    this.future = [];
    this.rule = rule;
    this.lastKey = null;
    this.lastAt = 0;
  }

  commit(rule, key = null) {
    const now = performance.now();
    const same = key !== null && key === this.lastKey && now - this.lastAt < SAME_EDIT_MS;
    if (!same) this.past = [...this.past, this.rule].slice(-HISTORY_LIMIT);
    this.future = [];
    this.rule = rule;
    [this.lastKey, this.lastAt] = [key, now];
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.rule);
    this.rule = from.pop();
    this.lastKey = null;
    return true;
  }
}
