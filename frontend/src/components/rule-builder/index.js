// <kindred-rule-builder field="id of a textarea" attributes-url values-url table="…">: builds the rule in that field.
// It says "rule:change" with {rule, complete} after every change, and shows what is wrong where: showProblem(place, text).
// `table`: the rule is about the rows of one related table (a filter of a measure) instead of customers.
import { announce, el, icon, t } from "../../lib/dom.js";
import { load } from "./catalog.js";
import { makeDraggable } from "./drag.js";
import { at, copy, History, insert, move, nodesOf, nudge, placeOf, read, remove, unwrap, wrap } from "./model.js";
import { groupBox } from "./nodes.js";
import { openPicker } from "./picker.js";

class KindredRuleBuilder extends HTMLElement {
  async connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.field = document.getElementById(this.getAttribute("field"));
    this.valuesUrl = this.getAttribute("values-url");
    this.table = this.getAttribute("table") ?? "";
    this.history = new History(read(this.field.value));
    this.setAttribute("aria-busy", "true");
    try {
      this.catalog = await load(this.getAttribute("attributes-url"));
    } catch (error) {
      this.fail(error);
      return;
    }
    this.build();
  }

  get rule() {
    return this.history.rule;
  }

  get complete() {
    return this.catalog.isComplete(this.rule, this.table);
  }

  // Shows another rule, e.g. one that was saved elsewhere, as a step that can be undone.
  set rule(rule) {
    this.commit(copy(rule), {});
  }

  build() {
    this.undoButton = this.tool("arrow-counterclockwise", t("Undo"), "Control+Z", () => this.travel("undo"));
    this.redoButton = this.tool("arrow-clockwise", t("Redo"), "Control+Shift+Z", () => this.travel("redo"));
    this.canvas = el("div.rb-canvas");
    this.tools = el("div.rb-tools", { role: "toolbar", "aria-label": t("Rule") }, this.undoButton, this.redoButton);
    for (const fallback of this.querySelectorAll("[data-fallback]")) fallback.hidden = true;
    this.append(this.tools, this.canvas);
    this.addEventListener("keydown", (event) => this.onKey(event));
    makeDraggable(this.canvas, (from, group, index) => this.moveTo(from, group, index));
    this.removeAttribute("aria-busy");
    this.draw();
    this.tell();
  }

  tool(symbol, label, keys, run) {
    const button = el("button.btn.btn-ghost.btn-icon.btn-sm", { type: "button", "aria-label": label, title: `${label} (${keys.replace("Control", "Ctrl")})`, "aria-keyshortcuts": keys }, icon(symbol));
    button.addEventListener("click", run);
    return button;
  }

  fail(error) {
    this.removeAttribute("aria-busy");
    this.ready = false;
    const again = el("button.btn.btn-sm.btn-secondary", { type: "button" }, t("Try again"));
    const box = el("div.notice.notice-bad", { role: "alert" }, icon("exclamation-triangle"), el("div.notice-body", {}, el("p", {}, error.message)), again);
    again.addEventListener("click", () => {
      box.remove();
      this.connectedCallback();
    });
    this.append(box);
  }

  // Changes a copy of the rule. quiet: what is drawn is up to date already (typing); merge: one step of undo per key.
  change(edit, { quiet = false, merge = null, focus = null } = {}) {
    const next = copy(this.rule);
    edit(next, (path) => at(next, path));
    this.commit(next, { quiet, merge, focus });
  }

  commit(next, { quiet = false, merge = null, focus = null }) {
    const focused = focus ?? this.querySelector(":focus")?.dataset.key;
    this.history.commit(next, merge);
    this.clearProblems();
    if (!quiet) this.draw(focused);
    this.tell();
  }

  tell() {
    this.undoButton.disabled = !this.history.past.length;
    this.redoButton.disabled = !this.history.future.length;
    this.field.value = JSON.stringify(this.rule);
    this.dispatchEvent(new CustomEvent("rule:change", { bubbles: true, detail: { rule: this.rule, complete: this.complete } }));
  }

  draw(focus = null) {
    const empty = !nodesOf(this.rule).length;
    const hint = el("p.rb-hint", {}, this.table ? t("No conditions: every row counts.") : t("No conditions yet: this means all customers. Add the first condition."));
    this.canvas.replaceChildren(groupBox(this, this.rule, [], this.table), empty ? hint : "");
    if (focus) this.canvas.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  place(path) {
    return placeOf(this.rule, path);
  }

  pickInto(anchor, path, index, table) {
    openPicker(anchor, this.catalog, {
      table: table ? this.catalog.table(table) : null,
      pick: (node) => {
        if (path.at(-1) === "where" && !at(this.rule, path)) this.change((rule, find) => (find(path.slice(0, -1)).where = { all: [] }), { quiet: true });
        this.insertNode(path, index, node, "value");
      },
    });
  }

  insertNode(path, index, node, part) {
    const made = [...path, index];
    this.change((rule) => insert(rule, path, index, node), { focus: `${made.join(".")}:${part}` });
    if (!this.contains(document.activeElement)) this.focusOn(made);
  }

  replaceNode(path, node, part = "attribute") {
    this.change((rule, find) => nodesOf(find(path.slice(0, -1))).splice(path.at(-1), 1, node), { focus: `${path.join(".")}:${part}` });
  }

  removeNode(path) {
    const parent = path.slice(0, -1);
    this.change((rule, find) => {
      remove(rule, path);
      if (parent.at(-1) === "where" && !nodesOf(find(parent)).length) delete find(parent.slice(0, -1)).where;
    }, { focus: `${parent.join(".")}:add` });
    announce(t("Removed. Control and Z brings it back."));
  }

  duplicate(path) {
    this.insertNode(path.slice(0, -1), path.at(-1) + 1, copy(at(this.rule, path)), "attribute");
  }

  wrap(path) {
    this.change((rule) => wrap(rule, path), { focus: `${path.join(".")}:mode` });
  }

  unwrap(path) {
    this.change((rule) => unwrap(rule, path), { focus: `${path.join(".")}:handle` });
  }

  nudge(path, step) {
    const next = copy(this.rule);
    this.moved(next, nudge(next, path, step));
  }

  moveTo(from, group, index) {
    const next = copy(this.rule);
    this.moved(next, move(next, from, group, index));
  }

  moved(next, path) {
    if (!path) return announce(t("It cannot move further."));
    this.commit(next, { focus: `${path.join(".")}:handle` });
    announce(t("Moved."));
  }

  travel(direction) {
    if (!this.history[direction]()) return;
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    this.clearProblems();
    this.draw(focused?.dataset.key);
    this.tell();
    // What was focused may be undone, or a button that has nothing left to undo.
    if (focused && (!this.contains(document.activeElement) || document.activeElement.disabled)) this.canvas.querySelector('[data-key=":add"]')?.focus();
    announce(direction === "undo" ? t("Undone.") : t("Done again."));
  }

  focusOn(path) {
    this.canvas.querySelector(`[data-key^="${CSS.escape(path.join("."))}:"]`)?.focus();
  }

  onKey(event) {
    const row = event.target.closest?.(".rb-handle")?.closest(".rb-row");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (row && step && event.altKey) {
      event.preventDefault();
      this.nudge(JSON.parse(row.dataset.path), step);
    } else if (row && event.key === "Delete") {
      event.preventDefault();
      this.removeNode(JSON.parse(row.dataset.path));
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      this.travel(event.shiftKey ? "redo" : "undo");
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y") {
      event.preventDefault();
      this.travel("redo");
    }
  }

  // Marks the condition at a place such as rule.all[1].value; false when the place is not on the screen.
  showProblem(place, text) {
    this.clearProblems();
    const rows = [...this.canvas.querySelectorAll(".rb-row")].filter((row) => place.startsWith(row.dataset.place));
    const found = rows.sort((a, b) => b.dataset.place.length - a.dataset.place.length)[0];
    if (!found) return false;
    const note = found.querySelector(":scope > .rb-problem");
    note.textContent = text;
    note.hidden = false;
    found.classList.add("rb-wrong");
    return true;
  }

  clearProblems() {
    for (const row of this.canvas?.querySelectorAll(".rb-wrong") ?? []) {
      row.classList.remove("rb-wrong");
      row.querySelector(":scope > .rb-problem").hidden = true;
    }
  }
}

if (!customElements.get("kindred-rule-builder")) customElements.define("kindred-rule-builder", KindredRuleBuilder);
