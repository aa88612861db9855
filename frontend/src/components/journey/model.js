// A journey as nested lists of steps, the changes a person can make to it, and their undoing. No DOM.
//
// A place is {branch: id or null, path: number of the path, index}: before the step with that index. The last path of a branch
// holds everyone else.
const MAX_UNDO = 200;
const SAME_EDIT_MS = 1200; // typing in one field within this time is one undo

export const pathsOf = (step) => (step.branches ? [...step.branches.map((branch) => branch.steps), step.otherwise] : []);

export function* walk(steps, branch = null, path = 0) {
  for (const [index, step] of steps.entries()) {
    yield { step, list: steps, place: { branch, path, index } };
    for (const [number, list] of pathsOf(step).entries()) yield* walk(list, step.id, number);
  }
}

export function newId(kind, tree) {
  const taken = new Set([...walk(tree.steps)].map(({ step }) => step.id));
  let id;
  do id = `${kind}-${Math.random().toString(36).slice(2, 6).padEnd(4, "0")}`;
  while (taken.has(id));
  return id;
}

export class Journey {
  constructor({ start, steps }) {
    this.tree = { start, steps };
    this.past = [];
    this.future = [];
    this.lastEdit = { key: "", at: 0 };
    this.listeners = [];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  find(id) {
    for (const found of walk(this.tree.steps)) if (found.step.id === id) return found;
    return null;
  }

  ids() {
    return [...walk(this.tree.steps)].map(({ step }) => step.id);
  }

  step(id) {
    return id === "start" ? this.tree.start : this.find(id)?.step;
  }

  list({ branch, path }) {
    return branch === null ? this.tree.steps : pathsOf(this.find(branch).step)[path];
  }

  // Every change goes through here; `key` joins changes that a person feels as one.
  change(edit, key = "") {
    const now = Date.now();
    const joins = key && key === this.lastEdit.key && now - this.lastEdit.at < SAME_EDIT_MS;
    if (!joins) {
      this.past.push(structuredClone(this.tree));
      if (this.past.length > MAX_UNDO) this.past.shift();
    }
    this.lastEdit = { key, at: now };
    this.future = [];
    const result = edit(this.tree);
    this.tell();
    return result;
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  undo() {
    return this.swap(this.past, this.future);
  }

  redo() {
    return this.swap(this.future, this.past);
  }

  swap(from, to) {
    if (!from.length) return false;
    to.push(this.tree);
    this.tree = from.pop();
    this.lastEdit = { key: "", at: 0 };
    this.tell();
    return true;
  }

  insert(place, step) {
    return this.change((tree) => {
      const fresh = { ...structuredClone(step), id: newId(step.kind, tree) };
      this.list(place).splice(place.index, 0, fresh);
      return fresh.id;
    });
  }

  remove(id) {
    return this.change(() => {
      const { list, place } = this.find(id);
      list.splice(place.index, 1);
      this.forgetJumps();
      return (list[place.index] ?? list[place.index - 1])?.id ?? place.branch ?? "start";
    });
  }

  // Up or down among its neighbours; false at the edge.
  move(id, by) {
    const { list, place } = this.find(id);
    const to = place.index + by;
    if (to < 0 || to >= list.length) return false;
    return this.change(() => {
      list.splice(to, 0, ...list.splice(place.index, 1));
      return true;
    });
  }

  moveTo(id, place) {
    const from = this.find(id);
    if ([...walk(pathsOf(from.step).flat())].some(({ step }) => step.id === place.branch) || place.branch === id) return false;
    return this.change(() => {
      const target = this.list(place);
      const index = target === from.list && from.place.index < place.index ? place.index - 1 : place.index;
      from.list.splice(from.place.index, 1);
      target.splice(index, 0, from.step);
      return true;
    });
  }

  duplicate(id) {
    const { step, place } = this.find(id);
    const copy = structuredClone(step);
    for (const { step: inner } of walk(pathsOf(copy).flat())) inner.id = newId(inner.kind ?? "step", { steps: [...this.tree.steps, copy] });
    return this.insert({ ...place, index: place.index + 1 }, copy);
  }

  get(id, field) {
    return field.split(".").reduce((target, part) => target?.[part], this.step(id));
  }

  // Sets one field: "amount", or "branches.1.label".
  set(id, field, value) {
    this.change((tree) => {
      const parts = field.split(".");
      let target = id === "start" ? tree.start : this.find(id).step;
      for (const part of parts.slice(0, -1)) target = target[part];
      target[parts.at(-1)] = value;
    }, `${id} ${field}`);
  }

  addPath(id) {
    this.change(() => this.find(id).step.branches.push({ label: "", rule: {}, steps: [] }));
  }

  removePath(id, number) {
    this.change(() => {
      this.find(id).step.branches.splice(number, 1);
      this.forgetJumps();
    });
  }

  movePath(id, number, by) {
    const { branches } = this.find(id).step;
    if (number + by < 0 || number + by >= branches.length) return;
    this.change(() => branches.splice(number + by, 0, ...branches.splice(number, 1)));
  }

  // Jumps to steps that are gone end there instead.
  forgetJumps() {
    const all = [...walk(this.tree.steps)];
    const ids = new Set(all.map(({ step }) => step.id));
    for (const { step } of all) if (step.go_to && !ids.has(step.go_to)) step.go_to = null;
  }
}
