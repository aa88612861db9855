// The searchable picker of attributes, related tables and segments: meaning, type, fill and examples of each.
import { announce, el, icon, nt, percent, t } from "../../lib/dom.js";
import { nearest } from "../../lib/near.js";
import { fold } from "./catalog.js";
import { close, show } from "./popover.js";

const SHOWN = 150;
const NEAR = 5;
const ICONS = { text: "fonts", number: "123", boolean: "toggle-on", time: "calendar3", list: "list-ul" };
const count = (number) => new Intl.NumberFormat(document.documentElement.lang).format(number);

// Every choice: {label, group, detail, fill, icon, text (for search), pick}.
function customerChoices(catalog) {
  const attributes = catalog.groups.flatMap((group) => group.attributes.map((attribute) => ofAttribute(attribute, group, () => catalog.newCondition(attribute))));
  const tables = catalog.related.flatMap((table) => [
    choice(table.label, t("What customers did"), "collection", nt("%s row", "%s rows", table.rows), null, table.name, () => catalog.newRelated(table)),
    ...table.attributes.map((attribute) => ({ ...ofAttribute(attribute, table, () => catalog.newRelated(table, attribute)), deep: true })),
  ]);
  const segments = catalog.segments.map((segment) =>
    choice(segment.name, t("Segments"), "bullseye", !segment.live ? t("Draft") : segment.size === null ? t("Not refreshed yet") : nt("%s member", "%s members", segment.size), null, segment.slug, () => ({ segment: segment.slug, is: "in" })),
  );
  return [...attributes, ...tables, ...segments];
}

const rowChoices = (catalog, table) => table.attributes.map((attribute) => ofAttribute(attribute, table, () => catalog.newCondition(attribute)));

function choice(label, group, symbol, detail, fill, words, pick) {
  return { label, group, icon: symbol, detail, fill, pick, key: fold(label), text: fold(`${label} ${words} ${group} ${detail}`) };
}

function ofAttribute(attribute, group, pick) {
  const made = choice(attribute.label, group.label, ICONS[attribute.family], attribute.examples, attribute.fill, `${attribute.name} ${attribute.semantic} ${attribute.typeLabel}`, pick);
  return { ...made, type: attribute.typeLabel };
}

function search(choices, query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (!words.length) return choices.filter((item) => !item.deep);
  const whole = words.join(" ");
  const rank = (item) => (item.key === whole ? 0 : item.key.startsWith(whole) ? 1 : item.key.includes(whole) ? 2 : 3) + (item.deep ? 0.5 : 0);
  const found = choices.filter((item) => words.every((word) => item.text.includes(word)));
  const best = new Map();
  for (const item of found) best.set(item.group, Math.min(best.get(item.group) ?? 9, rank(item)));
  return found.sort((a, b) => best.get(a.group) - best.get(b.group) || a.group.localeCompare(b.group) || rank(a) - rank(b));
}

// Opens under `anchor`; `pick(node)` gets the new node. `table` limits the choice to conditions on its rows.
export function openPicker(anchor, catalog, { table = null, pick, only = null }) {
  let choices = table ? rowChoices(catalog, table) : customerChoices(catalog);
  if (only) choices = choices.filter((item) => only(item.pick()));
  const id = `rb-list-${Math.random().toString(36).slice(2)}`;
  const input = el("input.form-control.form-control-sm", { type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": id, "aria-autocomplete": "list", "aria-label": t("Search attributes"), placeholder: t("Search attributes, e.g. city or orders"), autocomplete: "off" });
  const list = el("div.rb-options", { role: "listbox", id, "aria-label": t("Attributes"), tabindex: "-1" });
  let shown = [];
  let active = 0;

  const activate = (index, scroll = true) => {
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    active = Math.min(index, shown.length - 1);
    const option = list.querySelectorAll("[role=option]")[active];
    input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.setAttribute("aria-selected", "true");
    if (scroll) option?.scrollIntoView({ block: "nearest" });
  };
  const choose = (item) => {
    close();
    pick(item.pick());
  };
  const draw = () => {
    shown = search(choices, input.value).slice(0, SHOWN);
    const found = shown.length;
    if (!found) shown = nearest(fold(input.value), choices, (item) => item.key, NEAR);
    list.replaceChildren(...grouped(shown, id, choose));
    if (!found) list.prepend(el("p.rb-none", {}, !choices.length ? t("There is no data yet. Load a source and unify it first.") : shown.length ? t("Nothing is called that. These names are alike:") : t("Nothing is called that. Try another word.")));
    if (input.value) announce(found || !shown.length ? nt("%s result", "%s results", found) : nt("No result. %s name is alike.", "No result. %s names are alike.", shown.length));
    activate(found ? 0 : -1, false); // what is merely alike is nobody's choice until it is chosen
    list.scrollTop = 0;
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) activate(Math.max(0, active + step));
    else if (event.key !== "Enter") return;
    else if (shown[active]) choose(shown[active]);
    // Enter with no hit stays here too: it would send the form, with a rule that nobody meant.
    event.preventDefault();
  });
  show(anchor, el("div.rb-picker", {}, el("div.rb-picker-search", {}, icon("search"), input), list), { label: t("Choose what the condition is about") });
  draw();
  input.focus();
}

function grouped(items, id, choose) {
  const nodes = [];
  let group = null;
  items.forEach((item, index) => {
    if (item.group !== group) {
      group = item.group;
      nodes.push(el("div.rb-options-head", { role: "presentation" }, group));
    }
    const option = el(
      "div.rb-option",
      { role: "option", id: `${id}-${index}`, "aria-selected": "false" },
      icon(item.icon),
      el("span.rb-option-main", {}, el("span.rb-option-label", {}, item.label), el("span.rb-option-detail", {}, item.detail || "")),
      meta(item),
    );
    option.addEventListener("click", () => choose(item));
    nodes.push(option);
  });
  return nodes;
}

function meta(item) {
  const box = el("span.rb-option-meta", {}, item.type ?? "");
  if (item.fill !== null) {
    const meter = el("meter.rb-fill", { min: "0", max: "1", value: String(item.fill), "aria-hidden": "true" });
    box.append(el("span.rb-option-fill", { title: t("Known for this share of the rows") }, meter, percent(item.fill)));
  }
  return box;
}

export { count, percent };
