// Search for anything: Ctrl-K or ⌘K. Results come from the server as a fragment; the last opened ones are kept here.
import { debounce, el, icon, isTyping, t } from "../lib/dom.js";

const KEEP = 5;
const WAIT_MS = 120;
const KEY = "kindred:recent";
const dialog = document.getElementById("palette");

if (dialog) {
  const input = dialog.querySelector("input");
  const box = dialog.querySelector(".palette-results");
  let asked = null; // the text of the newest question
  let shown = null; // the text that the hits belong to
  let isWanted = false; // Enter came before the answer

  const hits = () => [...box.querySelectorAll(".palette-hit")];
  const recent = () => JSON.parse(localStorage.getItem(KEY) || "[]");
  const current = () => box.querySelector("[aria-selected=true]");

  function mark(hit) {
    current()?.setAttribute("aria-selected", "false");
    if (!hit) return input.removeAttribute("aria-activedescendant");
    hit.setAttribute("aria-selected", "true");
    hit.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", hit.id);
  }

  function prepare() {
    hits().forEach((hit, index) => (hit.id = `hit-${index}`));
    mark(hits()[0]);
  }

  function showRecent(fragment) {
    const list = recent();
    box.innerHTML = fragment;
    if (list.length) {
      const items = list.map((r) => el("a.palette-hit", { href: r.url, role: "option", tabindex: "-1" }, icon(r.icon), el("span", {}, r.label)));
      const name = t("Recent");
      box.prepend(el("div", { role: "group", "aria-label": name }, el("div.palette-kind", { "aria-hidden": "true" }, name), ...items));
    }
    prepare();
  }

  // Asks once for a text: a second answer to it would take back what was chosen meanwhile.
  async function search() {
    const query = input.value.trim();
    if (query === asked) return;
    asked = query;
    try {
      const response = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(query)}`, { headers: { "HX-Request": "true" } });
      if (!response.ok) throw new Error(String(response.status));
      const html = await response.text();
      if (query === asked && query !== shown) show(query, html);
    } catch {
      if (query !== asked) return;
      asked = shown = null;
      isWanted = false;
      box.replaceChildren(el("p.p-3.mb-0.text-body-secondary", {}, t("The search does not answer. Try again in a moment.")));
    }
  }

  function show(query, html) {
    if (query) {
      box.innerHTML = html;
      prepare();
    } else showRecent(html);
    shown = query;
    if (isWanted) follow();
  }

  // Opens the marked hit of the text as it stands: while older hits are in sight, it waits for its own.
  function follow() {
    isWanted = input.value.trim() !== shown;
    if (isWanted) search();
    else current()?.click();
  }

  function open() {
    if (dialog.open) return;
    input.value = "";
    asked = shown = null;
    isWanted = false;
    dialog.showModal();
    search();
  }

  const later = debounce(WAIT_MS, search);
  input.addEventListener("input", () => {
    isWanted = false;
    later();
  });
  dialog.addEventListener("click", (event) => {
    const hit = event.target.closest(".palette-hit");
    if (event.target === dialog) dialog.close();
    if (!hit) return;
    const entry = { url: hit.getAttribute("href"), label: hit.querySelector("span").textContent, icon: hit.dataset.icon || "clock-history" };
    localStorage.setItem(KEY, JSON.stringify([entry, ...recent().filter((r) => r.url !== entry.url)].slice(0, KEEP)));
  });
  dialog.addEventListener("keydown", (event) => {
    const all = hits();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) mark(all.at((all.indexOf(current()) + step) % all.length));
    else if (event.key === "Enter") follow();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]")) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    const isShortcut = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const isSlash = event.key === "/" && !isTyping(event.target) && !document.querySelector(".list-search");
    if (!isShortcut && !isSlash) return;
    event.preventDefault();
    open();
  });
}
