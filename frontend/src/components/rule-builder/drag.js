// Moving conditions by dragging their handle. The keyboard twin: Alt and an arrow key on the handle, or the row's menu.
import { canMove } from "./model.js";

const pathOf = (element, name) => JSON.parse(element.dataset[name]);

export function makeDraggable(root, moved) {
  let from = null;
  let target = null;
  const line = document.createElement("li");
  line.className = "rb-drop";
  line.setAttribute("aria-hidden", "true");

  const stop = () => {
    root.querySelector(".rb-dragged")?.classList.remove("rb-dragged");
    line.remove();
    from = target = null;
  };
  root.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.(".rb-handle")?.closest(".rb-row");
    if (!row) return;
    from = pathOf(row, "path");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.textContent.trim().slice(0, 80));
    event.dataTransfer.setDragImage(row, 16, 16);
    requestAnimationFrame(() => row.classList.add("rb-dragged"));
  });
  root.addEventListener("dragover", (event) => {
    if (!from) return;
    const list = nearest(root, event);
    if (!list) return;
    event.preventDefault();
    const rows = [...list.children].filter((child) => child.classList.contains("rb-row"));
    const index = rows.filter((child) => {
      const box = child.getBoundingClientRect();
      return event.clientY > box.top + box.height / 2;
    }).length;
    target = { group: pathOf(list, "group"), index };
    if (rows[index]) rows[index].before(line);
    else list.append(line);
  });
  // The innermost list under the pointer that can take the dragged condition.
  const nearest = (host, event) => {
    const element = document.elementFromPoint(event.clientX, event.clientY);
    let group = element?.closest(".rb-group");
    while (group && host.contains(group)) {
      const list = group.querySelector(":scope > .rb-list");
      if (list && canMove(null, from, pathOf(list, "group"))) return list;
      group = group.parentElement.closest(".rb-group");
    }
    return null;
  };
  root.addEventListener("drop", (event) => {
    if (!from || !target) return;
    event.preventDefault();
    const [path, { group, index }] = [from, target];
    stop();
    moved(path, group, index);
  });
  root.addEventListener("dragend", stop);
}
