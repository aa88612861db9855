// The tree by keyboard: arrows walk, Enter edits, + or Insert adds, Delete removes, Alt with arrows moves.
import { isTyping } from "../../lib/dom.js";

const inSight = (stage) => [...stage.querySelectorAll("[data-id]")];

function neighbour(stage, item, key) {
  const all = inSight(stage);
  const at = all.indexOf(item);
  const parent = item.parentElement.closest("[data-id]");
  const inner = item.querySelector("[data-id]");
  const isColumn = item.classList.contains("j-column");
  const columns = isColumn ? [...item.parentElement.children] : [];
  if (key === "ArrowDown") return inner ?? next(all, item, at);
  if (key === "ArrowUp") return previous(all, at);
  if (key === "ArrowRight") return isColumn ? columns[columns.indexOf(item) + 1] ?? inner : inner ?? sideways(item, 1);
  if (key === "ArrowLeft") return isColumn ? columns[columns.indexOf(item) - 1] ?? parent : sideways(item, -1) ?? parent;
  if (key === "Home") return all[0];
  return all.at(-1);
}

const previous = (all, at) => all[at - 1] ?? null;
const next = (all, item, at) => all.slice(at + 1).find((other) => !item.contains(other)) ?? null;

// From a step in one path to the path beside it.
function sideways(item, by) {
  const column = item.parentElement.closest(".j-column");
  if (!column) return null;
  const columns = [...column.parentElement.children];
  return columns[columns.indexOf(column) + by] ?? null;
}

export function bindKeys(stage, actions) {
  stage.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-id]");
    if (!item || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    const { id } = item.dataset;
    const handled = event.altKey ? withAlt(event, id, actions) : plain(event, stage, item, id, actions);
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const action = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
    if (!action) return;
    event.preventDefault();
    actions[action]();
  });
}

function plain(event, stage, item, id, actions) {
  if (["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
    const other = neighbour(stage, item, event.key);
    if (other) actions.focus(other.dataset.id);
    return true;
  }
  const run = { Enter: "edit", " ": "edit", Insert: "add", "+": "add", Delete: "remove", Backspace: "remove", Escape: "close", d: "duplicate" }[event.key];
  if (!run) return false;
  actions[run](id, item);
  return true;
}

function withAlt(event, id, actions) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by) return false;
  actions.move(id, by);
  return true;
}
