// A floating box under a chip: closes on Escape, on a click elsewhere, and when focus leaves it.
import { el } from "../../lib/dom.js";

let open = null;

export function close(restore = true) {
  if (!open) return;
  const { box, anchor, outside, onClose } = open;
  open = null;
  document.removeEventListener("pointerdown", outside, true);
  window.removeEventListener("resize", close);
  box.remove();
  anchor.setAttribute("aria-expanded", "false");
  onClose?.();
  if (restore && anchor.isConnected) anchor.focus();
}

export function show(anchor, content, { label, onClose } = {}) {
  close(false);
  const host = anchor.closest("kindred-rule-builder");
  const box = el("div.rb-popover", { role: "dialog", "aria-label": label ?? "" }, content);
  host.append(box);
  const outside = (event) => !box.contains(event.target) && !anchor.contains(event.target) && close(false);
  open = { box, anchor, outside, onClose };
  anchor.setAttribute("aria-expanded", "true");
  place(host, anchor, box);
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", close);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  box.addEventListener("focusout", (event) => event.relatedTarget && !box.contains(event.relatedTarget) && event.relatedTarget !== anchor && close(false));
  return box;
}

function place(host, anchor, box) {
  const frame = host.getBoundingClientRect();
  const from = anchor.getBoundingClientRect();
  const width = Math.min(box.offsetWidth, frame.width);
  const start = Math.max(0, Math.min(from.left - frame.left, frame.width - width));
  const below = window.innerHeight - from.bottom;
  const above = below < box.offsetHeight && from.top > below;
  box.style.left = `${start}px`;
  box.style.top = above ? `${from.top - frame.top - box.offsetHeight - 4}px` : `${from.bottom - frame.top + 4}px`;
}
