// List pages: headings in sight, picking rows, and the keyboard: / searches, j and k move, x picks, Enter opens.
import { isTyping, nt } from "../lib/dom.js";

const here = () => document.querySelector(".list tr.row-here");
const rows = () => [...document.querySelectorAll(".list tbody tr[data-row]")];

function move(step) {
  const all = rows();
  if (!all.length) return;
  const index = all.indexOf(here());
  const next = all[Math.min(Math.max(index + step, 0), all.length - 1)];
  here()?.classList.remove("row-here");
  next.classList.add("row-here");
  next.scrollIntoView({ block: "nearest" });
  (next.querySelector("input[name=row]") ?? next.querySelector("a"))?.focus({ preventScroll: true });
}

function pick(list) {
  const boxes = [...list.querySelectorAll("input[name=row]")];
  const picked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").classList.toggle("row-picked", box.checked);
  const all = list.querySelector("[data-pick-all]");
  if (all) {
    all.checked = picked.length > 0 && picked.length === boxes.length;
    all.indeterminate = picked.length > 0 && !all.checked;
  }
  const bar = list.querySelector(".list-picked");
  if (!bar) return;
  bar.hidden = picked.length === 0;
  bar.querySelector("[data-picked]").textContent = nt("%s picked", "%s picked", picked.length);
  const everything = bar.querySelector("[data-everything]");
  if (everything) everything.hidden = !all?.checked;
  const every = bar.querySelector("input[name=everything]");
  if (every && !all?.checked) every.checked = false;
}

document.addEventListener("change", (event) => {
  const list = event.target.closest(".list");
  if (!list) return;
  if (event.target.matches("[data-pick-all]"))
    for (const box of list.querySelectorAll("input[name=row]")) box.checked = event.target.checked;
  if (event.target.matches("[data-pick-all], input[name=row]")) pick(list);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !document.querySelector(".list")) return;
  if (isTyping(event.target) && !event.target.matches(".list input[name=row]")) return;
  const keys = { j: () => move(1), k: () => move(-1), x: () => here()?.querySelector("input[name=row]")?.click() };
  if (event.key === "/") keys["/"] = () => document.querySelector(".list-search input")?.focus();
  if (event.key === "Enter" && here() && !event.target.matches("a, button")) keys.Enter = () => here().querySelector("a[data-open], td a")?.click();
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

// A click anywhere in a row opens it, unless it is on something of its own or selects text.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".list tbody tr[data-row]");
  if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
  row.querySelector("a[data-open]")?.click();
});

// Headings stay in sight while a table scrolls by. One that is wider than its place scrolls in it instead, and takes them along.
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => target.classList.toggle("fits", target.scrollWidth <= target.clientWidth)));
const watch = () => document.querySelectorAll(".list .list-scroll").forEach((place) => sizes.observe(place));
watch();

document.addEventListener("htmx:afterSettle", () => {
  document.querySelectorAll(".list").forEach(pick);
  watch();
});

// Empty fields stay out of the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get" || !detail.elt.closest(".list")) return;
  for (const [name, value] of [...detail.formData.entries()]) if (value === "") detail.formData.delete(name);
});

// An answer that comes while somebody types on would take away what they typed: the one to that is to come.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const typed = document.activeElement;
  if (!typed?.matches?.(".list-search input") || !detail.target?.contains(typed)) return;
  const asked = new URL(detail.pathInfo.finalRequestPath, location.href).searchParams.get(typed.name) ?? "";
  if (typed.value !== asked) detail.shouldSwap = false;
});
