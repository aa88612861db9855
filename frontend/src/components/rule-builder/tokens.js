// A list of values as small tokens with suggestions: type or pick, Enter or comma adds, Backspace removes the last.
import { announce, debounce, el, icon, t } from "../../lib/dom.js";
import { fold } from "./catalog.js";

// options: {label, values, single, suggest(query) → Promise<[{value, label?, count?}]>, change(values), key, show(value)}
export function tokens(options) {
  const { single, label, suggest, change, show = String } = options;
  let values = [...options.values];
  let found = [];
  let active = -1;
  let asked = 0;
  let typed = false; // since the focus came: until then everything is suggested, whatever stands there
  const id = `rb-values-${Math.random().toString(36).slice(2)}`;
  const input = el("input.rb-token-input", { type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", "aria-label": label, autocomplete: "off", "data-key": options.key });
  const list = el("div.rb-suggestions", { role: "listbox", id, "aria-label": label, hidden: true });
  const box = el("span.rb-tokens", {}, input, list);

  const draw = () => {
    for (const old of box.querySelectorAll(".rb-token")) old.remove();
    if (!single) input.before(...values.map(token));
    else if (document.activeElement !== input) input.value = values.length ? show(values[0]) : "";
    input.placeholder = values.length ? "" : t("value");
    input.size = Math.max(single ? 8 : 5, Math.min(40, input.value.length + 1));
  };
  const token = (value, index) => {
    const button = el("button.rb-token-remove", { type: "button", "aria-label": `${t("Remove")} ${show(value)}` }, icon("x-lg"));
    button.addEventListener("click", () => set(values.filter((_, i) => i !== index)));
    return el("span.rb-token", {}, show(value), button);
  };
  const set = (next) => {
    values = next;
    change(values);
    draw();
  };
  const add = (text) => {
    const parts = single ? [text.trim()] : text.split(/[,;\n\t]/).map((part) => part.trim());
    const added = parts.map((part) => (options.read ? options.read(part) : part)).filter((part) => part !== null && part !== "");
    if (single) set(added.slice(0, 1));
    else if (added.length) set([...values, ...added.filter((part) => !values.includes(part))]);
    if (!single) input.value = "";
    draw();
  };
  const hide = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const activate = (index) => {
    active = (index + found.length) % found.length;
    list.querySelectorAll("[role=option]").forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", `${id}-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const pick = (value) => {
    if (single) input.value = show(value);
    typed = false;
    asked += 1;
    set(single ? [value] : values.includes(value) ? values : [...values, value]);
    if (!single) input.value = "";
    hide();
    input.focus();
  };
  const refresh = debounce(120, async () => {
    const mine = ++asked;
    const query = single && !typed ? "" : input.value.trim();
    const results = await suggest(query).catch(() => []);
    if (mine !== asked || document.activeElement !== input) return;
    found = results.filter((item) => single || !values.includes(item.value));
    if (options.local) found = found.filter((item) => fold(item.label ?? String(item.value)).includes(fold(query)));
    list.replaceChildren(
      ...found.map((item, i) => {
        const many = item.count ? el("span.rb-suggestion-count", {}, new Intl.NumberFormat(document.documentElement.lang).format(item.count)) : "";
        const option = el("div.rb-suggestion", { role: "option", id: `${id}-${i}`, "aria-selected": "false" }, el("span", {}, item.label ?? show(item.value)), many);
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          pick(item.value);
        });
        return option;
      }),
    );
    list.hidden = !found.length;
    active = -1;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (found.length && query) announce(`${found.length} ${t("suggestions")}`);
  });

  input.addEventListener("focus", () => {
    typed = false;
    if (single) input.select();
    refresh();
  });
  input.addEventListener("input", () => {
    typed = true;
    if (single && !options.local) set(input.value.trim() ? [input.value.trim()] : []);
    draw();
    refresh();
  });
  input.addEventListener("blur", () => {
    hide();
    asked += 1;
    if (!single && input.value.trim() && !options.local) add(input.value);
    draw();
  });
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (single || !/[,;\n\t]/.test(text)) return;
    event.preventDefault();
    add(text);
  });
  input.addEventListener("keydown", (event) => {
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length && !list.hidden) activate(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
    else if ((event.key === "Enter" || (event.key === "," && !single)) && active >= 0) pick(found[active].value);
    else if ((event.key === "Enter" || event.key === ",") && !single) options.local ? found[0] && pick(found[0].value) : add(input.value);
    else if (event.key === "Enter") hide();
    else if (event.key === "Escape" && !list.hidden) {
      hide();
      event.stopPropagation();
    } else if (event.key === "Backspace" && !single && !input.value && values.length) set(values.slice(0, -1));
    else return;
    event.preventDefault();
  });
  draw();
  return box;
}
