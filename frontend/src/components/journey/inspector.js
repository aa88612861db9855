// The panel on the right: the server renders a step's form, what is typed goes into the journey at once.
// Inputs carry data-field (its place in the step) and data-type (number, flag, list, rule; text without one).
import { csrfToken, el, t } from "../../lib/dom.js";

const READ = {
  number: (input) => (input.value === "" ? 0 : Number(input.value)),
  flag: (input) => (input.type === "checkbox" ? input.checked : input.value === "true"),
  list: (input, panel) => [...panel.querySelectorAll(`[data-field="${input.dataset.field}"]:checked`)].map((box) => box.value),
  rule: (_input, _panel, event) => event.detail.rule,
};

export class Inspector {
  constructor(panel, { url, journey, canEdit, onAction }) {
    Object.assign(this, { panel, url, journey, canEdit, onAction });
    this.shown = undefined;
    for (const name of ["input", "change", "rule:change"]) panel.addEventListener(name, (event) => this.edit(event));
    panel.addEventListener("click", (event) => this.click(event));
    panel.addEventListener("input", (event) => event.target.matches("[data-filter]") && this.filter(event.target));
  }

  // Shows a step, "start", or null for the journey itself.
  async show(id, { force = false } = {}) {
    if (id === this.shown && !force) return;
    this.shown = id;
    this.panel.inert = !force; // nothing is typed into a form that is about to go
    const ticket = (this.ticket = Symbol("panel"));
    const keep = force ? document.activeElement?.dataset?.field : null;
    const step = id ? this.journey.step(id) : null;
    const { branches, otherwise, ...rest } = step ?? {};
    const bare = branches ? { ...rest, branches: branches.map(({ steps, ...branch }) => branch) } : rest;
    const body = JSON.stringify({ id, step: id && id !== "start" ? bare : null, start: this.journey.tree.start, can_edit: this.canEdit });
    const response = await fetch(this.url, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "text/html" } }).catch(() => null);
    if (ticket !== this.ticket) return;
    this.panel.inert = false;
    if (!response?.ok) {
      this.panel.replaceChildren(el("p.p-3.text-danger", { role: "alert" }, t("This panel could not be loaded. Check your connection and choose the step again.")));
      return;
    }
    const scroll = this.panel.querySelector(".j-panel-body")?.scrollTop ?? 0;
    this.panel.innerHTML = await response.text();
    window.htmx?.process(this.panel);
    this.panel.querySelectorAll("[data-html-src]").forEach((frame) => frame.setAttribute("src", frame.dataset.htmlSrc));
    if (force) {
      const body = this.panel.querySelector(".j-panel-body");
      if (body) body.scrollTop = scroll;
      if (keep) this.panel.querySelector(`[data-field="${CSS.escape(keep)}"]`)?.focus();
    }
    this.showProblems();
  }

  focus() {
    this.panel.querySelector("[autofocus], [data-field], input, select, button:not(.btn-close)")?.focus();
  }

  edit(event) {
    const input = event.target.closest("[data-field]");
    if (!input || !this.shown || !this.canEdit) return;
    if (event.type === "input" && input.matches("select, [type=radio], [type=checkbox]")) return;
    const type = input.dataset.type;
    if ((type === "rule") !== (event.type === "rule:change")) return;
    if (event.type === "change" && !input.matches("select, [type=radio], [type=checkbox]")) return;
    const value = READ[type]?.(input, this.panel, event) ?? input.value;
    if (JSON.stringify(value) === JSON.stringify(this.journey.get(this.shown, input.dataset.field))) return;
    this.journey.set(this.shown, input.dataset.field, value);
    if (input.dataset.redraw !== undefined) this.show(this.shown, { force: true });
  }

  click(event) {
    const button = event.target.closest("[data-do]");
    if (button) this.onAction(button.dataset.do, button.dataset, this.shown);
  }

  filter(input) {
    const wanted = input.value.trim().toLowerCase();
    for (const option of this.panel.querySelectorAll(`#${input.dataset.filter} [data-words]`)) option.hidden = !option.dataset.words.toLowerCase().includes(wanted);
  }

  // Puts each problem and hint beside its field; those without one go to the top.
  showProblems(problems = this.problems ?? [], hints = this.hints ?? []) {
    Object.assign(this, { problems, hints });
    for (const old of this.panel.querySelectorAll(".j-field-problem, .j-field-hint")) old.remove();
    for (const old of this.panel.querySelectorAll(".is-invalid")) old.classList.remove("is-invalid");
    for (const hint of hints.filter((one) => one.step === this.shown)) this.slot(hint)?.append(el("p.j-field-hint", { role: "status" }, hint.message));
    for (const problem of problems.filter((one) => one.step === this.shown)) {
      this.slot(problem)?.append(el("p.j-field-problem", { role: "status" }, problem.message));
      this.panel.querySelector(`[data-field="${CSS.escape(problem.field)}"]:is(input, select, textarea):not([type=radio])`)?.classList.add("is-invalid");
    }
  }

  slot({ field }) {
    return this.panel.querySelector(`[data-problems="${CSS.escape(field)}"]`) ?? this.panel.querySelector("[data-problems='']");
  }
}
