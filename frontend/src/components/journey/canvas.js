// Draws the nested lists as a flow from top to bottom. The tree of cards is also an ARIA tree; lines are drawn beneath it.
import { el, icon, nt, percent, t } from "../../lib/dom.js";
import { drawLines } from "./lines.js";
import { pathsOf } from "./model.js";

const number = (value) => new Intl.NumberFormat(document.documentElement.lang).format(value);

export class Canvas {
  // `view` holds what is drawn besides the tree: cards, problems, counts, trial, way, canEdit, kinds, peopleUrl.
  constructor(stage, journey, view) {
    this.stage = stage;
    this.journey = journey;
    this.view = view;
    this.selected = null;
    this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.lines.setAttribute("class", "j-lines");
    this.lines.setAttribute("aria-hidden", "true");
    this.resizes = new ResizeObserver(() => this.redraw());
    this.resizes.observe(stage);
  }

  draw() {
    const { tree } = this.journey;
    const root = el("div.j-seq.j-root", { role: "group" });
    root.append(this.item("start", this.startCard(tree.start), 1), ...this.sequence(tree.steps, { branch: null, path: 0 }, 1, true));
    this.stage.replaceChildren(this.lines, root);
    this.mark();
    this.redraw();
  }

  redraw() {
    drawLines(this.lines, this.stage);
  }

  // The steps of one list with a + before each and one at the end; what ends nowhere says so.
  sequence(steps, at, level, isRoot) {
    const parts = [];
    let open = true;
    for (const [index, step] of steps.entries()) {
      parts.push(this.adder({ ...at, index }));
      if ("go_to" in step) {
        parts.push(this.jump(step.go_to));
        open = false;
      } else {
        parts.push(this.step(step, level));
        open = !this.view.kinds[step.kind]?.finishes && !this.closes(step);
      }
    }
    if (open) {
      parts.push(this.adder({ ...at, index: steps.length }));
      if (isRoot) parts.push(el("div.j-stop", { "data-node": "", title: t("Whoever gets here has completed the journey.") }, icon("flag"), t("Ends here")));
    }
    return parts;
  }

  // True when no path of a branch goes on below it.
  closes(step) {
    return Boolean(step.branches) && pathsOf(step).every((list) => {
      const last = list.at(-1);
      return last && ("go_to" in last || this.view.kinds[last.kind]?.finishes || this.closes(last));
    });
  }

  step(step, level) {
    const item = this.item(step.id, this.card(step), level);
    if (step.branches) item.append(this.paths(step, level + 1));
    return item;
  }

  item(id, card, level) {
    const item = el("div.j-item", { role: "treeitem", "data-id": id, "aria-level": level, tabindex: "-1" }, card);
    item.setAttribute("aria-labelledby", `j-card-${id}`);
    return item;
  }

  startCard(start) {
    const card = this.view.cards.start ?? {};
    return this.frame("start", "bullseye", t("Start"), card.title || t("Choose a segment"), card.detail, "j-start");
  }

  card(step) {
    const kind = this.view.kinds[step.kind] ?? { icon: "question", label: step.kind };
    const { detail = "" } = this.view.cards[step.id] ?? {};
    return this.frame(step.id, kind.icon, step.label ? kind.label : "", step.label || kind.label, detail, `j-${step.kind}`);
  }

  frame(id, iconName, over, title, detail, look) {
    const problems = this.view.problems.filter((problem) => problem.step === id);
    const card = el(`div.j-card.${look}`, { "data-node": "", id: `j-card-${id}`, draggable: this.view.canEdit && id !== "start" });
    const words = el("div.j-words", {}, over ? el("span.j-over", {}, over) : "", el("strong.j-title", {}, title), detail ? el("span.j-detail", { title: detail }, detail) : "");
    card.append(el("span.j-icon", {}, icon(iconName)), words);
    if (problems.length) card.append(el("span.j-problem", { title: problems.map((p) => p.message).join("\n") }, icon("exclamation-triangle-fill"), el("span.visually-hidden", {}, nt("%s problem", "%s problems", problems.length))));
    const foot = this.foot(id);
    if (foot) card.append(foot);
    return card;
  }

  // Live: who waits, passed and left. Trial: who would come here. Each number leads to its people.
  foot(id) {
    const trial = this.view.trial?.steps?.[id]?.people ?? (id === "start" ? this.view.trial?.audience : undefined);
    if (trial !== undefined) return el("div.j-foot", {}, el("span.j-count.j-trial", {}, nt("%s person", "%s people", trial)), this.unsent(id));
    const at = this.view.counts?.[id];
    if (!this.view.counts) return null;
    if (id === "start") return el("div.j-foot", {}, this.count("entered", at?.entered ?? 0, t("entered"), id));
    const kind = this.view.kinds[this.journey.step(id)?.kind];
    const passed = at?.figures ? [] : [["passed", t("passed")]];
    const shown = kind?.finishes ? [["done", t("completed")]] : [["waiting", t("waiting")], ...passed];
    const foot = el("div.j-foot", {}, ...shown.map(([name, label]) => this.count(name, at?.[name] ?? 0, label, id)));
    foot.append(...(at?.figures ?? []).map((figure) => this.figure(figure)));
    for (const [name, label] of [["left", t("left")], ["stopped", t("stopped")]]) if (at?.[name]) foot.append(this.count(name, at[name], label, id, at.reasons));
    return foot;
  }

  // Trial: who would come here and not get the message, with the reasons.
  unsent(id) {
    const { not_sent: reasons = {}, looked_at: looked = 0, people = 0 } = this.view.trial.steps?.[id] ?? {};
    const count = Object.values(reasons).reduce((sum, n) => sum + n, 0);
    if (!count) return "";
    const why = Object.entries(reasons).map(([reason, n]) => `${reason}: ${number(n)}`).join(" · ");
    const first = looked < people ? nt("Of the first %s person:", "Of the first %s people:", looked) : "";
    return el("span.j-count.j-left", { title: why }, `${first} ${nt("%s would not get it", "%s would not get it", count)}`, el("small.j-why", {}, why));
  }

  count(name, value, label, id, reasons) {
    const why = reasons ? Object.entries(reasons).map(([reason, n]) => `${this.view.reasons[reason] ?? reason}: ${number(n)}`).join("\n") : "";
    const url = `${this.view.urls.people}?step=${encodeURIComponent(id)}&show=${name}`;
    return el(`a.j-count.j-${name}${value ? "" : ".j-none"}`, { href: url, tabindex: "-1", title: why }, el("b", {}, number(value)), ` ${label}`);
  }

  // What became of those who passed, such as mails sent; it leads to them.
  figure({ show, label, count, url }) {
    const look = ["skipped", "refused", "unknown"].includes(show) ? ".j-left" : "";
    return el(`a.j-count${look}${count ? "" : ".j-none"}`, { href: url, tabindex: "-1" }, el("b", {}, number(count)), ` ${label}`);
  }

  paths(step, level) {
    const columns = el("div.j-columns", { role: "group" });
    const labels = this.view.cards[step.id]?.exits ?? [];
    for (const [path, list] of pathsOf(step).entries()) {
      const isRest = path === step.branches.length;
      const label = (isRest ? step.otherwise_label : step.branches[path].label) || labels[path] || (isRest ? t("Everyone else") : t("No condition yet"));
      const id = `${step.id}:${path}`;
      const tag = el("div.j-path-label", { id: `j-card-${id}`, title: labels[path] ?? "" }, el("span", {}, label), this.share(step, path));
      const column = el("div.j-column", { role: "treeitem", "data-id": id, "data-step": step.id, "aria-level": level, tabindex: "-1", "aria-labelledby": `j-card-${id}` }, tag);
      const seq = el("div.j-seq", { role: "group" }, ...this.sequence(list, { branch: step.id, path }, level + 1, false));
      column.append(seq);
      columns.append(column);
    }
    return columns;
  }

  share(step, path) {
    const trial = this.view.trial?.steps?.[step.id];
    const live = this.view.counts?.[step.id];
    const people = trial ? trial.exits[path] : this.view.counts ? live?.exits?.[path] ?? 0 : null;
    if (people === null || people === undefined) return "";
    const all = trial ? trial.people : live?.passed ?? 0;
    const share = all ? ` · ${percent(people / all)}` : "";
    return el("span.j-share", {}, number(people) + share);
  }

  adder(place) {
    const button = el("button.j-add", { type: "button", tabindex: "-1", "aria-hidden": "true", "data-place": JSON.stringify(place), title: t("Add a step here") }, icon("plus"));
    const slot = el("div.j-slot", { role: "presentation" }, button);
    if (!this.view.canEdit) slot.replaceChildren();
    return slot;
  }

  jump(id) {
    if (id === null) return el("div.j-stop", { "data-node": "", "data-final": "" }, icon("flag"), t("Ends here"));
    const step = this.journey.step(id);
    const name = step?.label || this.view.cards[id]?.detail || this.view.kinds[step?.kind]?.label || id;
    return el("button.j-jump", { type: "button", "data-node": "", "data-final": "", "data-goto": id }, icon("arrow-return-right"), t("Goes on at “%s”").replace("%s", name));
  }

  // Selection and the way of a walk are classes only: no new drawing.
  mark() {
    const way = this.view.way;
    this.stage.classList.toggle("j-walking", Boolean(way));
    for (const item of this.stage.querySelectorAll("[data-id]")) {
      const isOn = item.dataset.id === this.selected || item.dataset.id.split(":")[0] === this.selected && item.classList.contains("j-column") === false;
      item.setAttribute("aria-selected", String(isOn));
      item.classList.toggle("j-on-way", Boolean(way?.has(item.dataset.id)));
      item.tabIndex = item.dataset.id === (this.focused ?? "start") ? 0 : -1;
    }
    if (!this.stage.querySelector('[tabindex="0"]')) this.stage.querySelector("[data-id]").tabIndex = 0;
  }

  select(id) {
    this.selected = id;
    this.mark();
  }

  element(id) {
    return this.stage.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  focus(id) {
    const item = this.element(id);
    if (!item) return;
    this.focused = id;
    this.mark();
    item.focus({ preventScroll: true });
    (item.querySelector(":scope > .j-card, :scope > .j-path-label") ?? item).scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
