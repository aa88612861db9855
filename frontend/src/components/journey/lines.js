// The lines between the cards, measured from what the browser laid out: any text length, any zoom.
const RADIUS = 10;

export function drawLines(svg, stage) {
  const frame = stage.getBoundingClientRect();
  const scale = frame.width / stage.offsetWidth || 1;
  const box = (element) => {
    const rect = element.getBoundingClientRect();
    const left = (rect.left - frame.left) / scale;
    const top = (rect.top - frame.top) / scale;
    return { x: left + rect.width / scale / 2, top, bottom: top + rect.height / scale };
  };
  const paths = [];
  const add = (d, on, end) => paths.push({ d, on, end });

  for (const seq of stage.querySelectorAll(".j-seq")) {
    const nodes = [...seq.children].filter((child) => !child.classList.contains("j-slot"));
    for (const [index, node] of nodes.entries()) {
      const next = nodes[index + 1];
      const columns = node.querySelector(":scope > .j-columns");
      const head = node.matches("[data-node]") ? node : node.querySelector(":scope > [data-node]");
      const to = next && (next.matches("[data-node]") ? next : next.querySelector(":scope > [data-node]"));
      if (columns) branchLines(node, head, columns, to ?? null, seq, box, add);
      else if (to) add(straight(box(head), box(to)), isOnWay(node) && isOnWay(next), true);
      else if (seq.parentElement.classList.contains("j-column") && goesOn(node)) add(down(box(head), box(seq.parentElement).bottom), isOnWay(node), false);
    }
    if (!nodes.length && seq.parentElement.classList.contains("j-column")) {
      const label = box(seq.parentElement.querySelector(":scope > .j-path-label"));
      add(down(label, box(seq.parentElement).bottom), isOnWay(seq.parentElement), false);
    }
  }
  svg.setAttribute("viewBox", `0 0 ${stage.offsetWidth} ${stage.offsetHeight}`);
  svg.replaceChildren(...paths.sort((a, b) => a.on - b.on).map(toPath));
}

function branchLines(node, head, columns, to, seq, box, add) {
  const from = box(head);
  const inner = box(columns);
  const ends = [];
  for (const column of columns.children) {
    const label = box(column.querySelector(":scope > .j-path-label"));
    const on = isOnWay(node) && isOnWay(column);
    add(elbow(from.x, from.bottom, label.x, label.top, from.bottom + 18), on, false);
    const first = column.querySelector(":scope > .j-seq > :not(.j-slot)");
    if (first) {
      const target = box(first.matches("[data-node]") ? first : first.querySelector("[data-node]"));
      add(straight(label, target), on && isOnWay(first), true);
    }
    const last = [...column.querySelector(":scope > .j-seq").children].filter((child) => !child.classList.contains("j-slot")).at(-1);
    if (!last || goesOn(last)) ends.push({ x: label.x, y: box(column).bottom, on: on && (!last || endsOnWay(last)) });
  }
  if (!ends.length) return;
  const below = inner.bottom + 16;
  const target = to ? box(to).top : seq.parentElement.classList.contains("j-column") ? box(seq.parentElement).bottom : below;
  for (const end of ends) add(elbow(end.x, end.y, from.x, target, below), end.on && (!to || isOnWay(to.closest("[data-id]") ?? to)), Boolean(to));
}

// Whether people go on below this step: not from an end, a jump, or a branch all of whose paths are closed.
export function goesOn(node) {
  if (node.matches("[data-final]") || node.querySelector(":scope > .j-end")) return false;
  const columns = node.querySelector(":scope > .j-columns");
  if (!columns) return true;
  return [...columns.children].some((column) => {
    const last = [...column.querySelector(":scope > .j-seq").children].filter((child) => !child.classList.contains("j-slot")).at(-1);
    return !last || goesOn(last);
  });
}

const isOnWay = (node) => node.classList.contains("j-on-way") || (node.classList.contains("j-stop") && node.closest(".j-walking") != null);
const endsOnWay = (node) => isOnWay(node);

const straight = (from, to) => `M${from.x} ${from.bottom}V${to.top}`;
const down = (from, bottom) => `M${from.x} ${from.bottom}V${bottom}`;

function elbow(x1, y1, x2, y2, bend) {
  if (Math.abs(x1 - x2) < 1) return `M${x1} ${y1}V${y2}`;
  const way = Math.sign(x2 - x1);
  const r = Math.min(RADIUS, Math.abs(x2 - x1) / 2, Math.max(0, bend - y1), Math.max(0, y2 - bend));
  return `M${x1} ${y1}V${bend - r}Q${x1} ${bend} ${x1 + way * r} ${bend}H${x2 - way * r}Q${x2} ${bend} ${x2} ${bend + r}V${y2}`;
}

function toPath({ d, on, end }) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", d);
  path.setAttribute("class", `j-line${on ? " j-line-on" : ""}${end ? " j-line-end" : ""}`);
  return path;
}
