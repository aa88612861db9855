// The journey designer: one page, one journey. Draft: draw. Live: watch. The parts do the work; this ties them together.
import { announce, el, fetchJson, icon, nt, t } from "../../lib/dom.js";
import { confirm } from "../confirm.js";
import { Canvas } from "./canvas.js";
import { Inspector } from "./inspector.js";
import { bindKeys } from "./keys.js";
import { KindMenu } from "./menu.js";
import { Journey } from "./model.js";
import { Saver } from "./saver.js";
import { trial } from "./trial.js";
import { Viewport } from "./viewport.js";

const POLL_MS = 3000;
const NARROW = window.matchMedia("(max-width: 767.98px)");
const SAVE_WORDS = {
  saving: () => t("Saving…"),
  saved: () => t("Saved"),
  failed: () => t("Not saved. Trying again…"),
  refused: () => t("Not saved"),
  lost: () => t("Not saved"),
};

class KindredJourney extends HTMLElement {
  connectedCallback() {
    if (this.journey) return;
    const data = JSON.parse(document.getElementById(this.getAttribute("data")).textContent);
    this.data = data;
    this.canEdit = data.can_edit;
    this.journey = new Journey({ start: data.start, steps: data.steps });
    this.parts = Object.fromEntries(["frame", "stage", "panel", "problems", "saved", "zoom"].map((name) => [name, this.querySelector(`[data-part=${name}]`)]));
    this.parts.stage.hidden = false;
    this.querySelector("[data-part=outline]")?.remove();
    this.view = { ...data, kinds: Object.fromEntries(data.kinds.map((kind) => [kind.name, kind])), canEdit: this.canEdit };
    this.canvas = new Canvas(this.parts.stage, this.journey, this.view);
    this.viewport = new Viewport(this.parts.frame, this.parts.stage, this.parts.zoom);
    this.inspector = new Inspector(this.parts.panel, { url: data.urls.panel, journey: this.journey, canEdit: this.canEdit, onAction: (...args) => this.act(...args) });
    this.menu = new KindMenu(data.kinds, (kind, place) => this.insert(kind, place));
    this.bind();
    this.canvas.draw();
    this.showProblems();
    if (!NARROW.matches) requestAnimationFrame(() => this.viewport.begin());
    this.open(NARROW.matches ? undefined : null);
    this.watch();
  }

  disconnectedCallback() {
    clearInterval(this.poll);
  }

  bind() {
    const { stage } = this.parts;
    if (this.canEdit) {
      this.saver = new Saver({ url: this.data.urls.draft, revision: this.data.revision, body: () => this.journey.tree, onState: (...args) => this.showSaved(...args), onSaved: (answer) => this.saved(answer) });
      this.journey.onChange(() => this.changed());
      this.bindDrag(stage);
    }
    stage.addEventListener("click", (event) => this.click(event));
    stage.addEventListener("focusin", (event) => {
      const item = event.target.closest("[data-id]");
      if (item && item === event.target) this.canvas.focused = item.dataset.id;
    });
    bindKeys(stage, this.keyActions());
    this.parts.panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.act("close", {}, null));
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tool]");
      if (button) this.tool(button.dataset.tool, button);
    });
    for (const form of document.querySelectorAll("form[data-journey-form]")) form.addEventListener("submit", (event) => this.beforeSubmit(event, form));
  }

  keyActions() {
    const stepOf = (id) => id.split(":")[0];
    const ifEdit = (run) => (...args) => this.canEdit && run(...args);
    return {
      focus: (id) => this.canvas.focus(id),
      edit: (id) => this.open(stepOf(id), { focus: true }),
      close: () => this.open(null),
      add: ifEdit((id, item) => this.menu.open(this.placeAfter(id), item.querySelector("[data-node], .j-path-label") ?? item, item)),
      remove: ifEdit((id) => this.remove(stepOf(id))),
      duplicate: ifEdit((id) => id !== "start" && this.show(this.journey.duplicate(stepOf(id)))),
      move: ifEdit((id, by) => !id.includes(":") && id !== "start" && this.journey.move(id, by) && this.canvas.focus(id)),
      undo: ifEdit(() => this.undo("undo")),
      redo: ifEdit(() => this.undo("redo")),
    };
  }

  placeAfter(id) {
    if (id === "start") return { branch: null, path: 0, index: 0 };
    if (id.includes(":")) return { branch: id.split(":")[0], path: Number(id.split(":")[1]), index: 0 };
    const { place } = this.journey.find(id);
    const isEnd = this.view.kinds[this.journey.step(id).kind]?.finishes;
    return { ...place, index: place.index + (isEnd ? 0 : 1) };
  }

  click(event) {
    const adder = event.target.closest(".j-add");
    if (adder) return this.menu.open(JSON.parse(adder.dataset.place), adder, this.canvas.element(this.canvas.focused ?? "start"));
    const jump = event.target.closest("[data-goto]");
    if (jump) return this.canvas.focus(jump.dataset.goto);
    const item = event.target.closest("[data-id]");
    if (!item || event.target.closest("a") || !event.target.closest("[data-node], .j-path-label")) return undefined;
    this.canvas.focus(item.dataset.id);
    return this.open(item.dataset.id.split(":")[0]);
  }

  // Dragging a card onto a +; the keyboard's twin is Alt with the arrows.
  bindDrag(stage) {
    stage.addEventListener("dragstart", (event) => {
      this.dragged = event.target.closest("[data-id]")?.dataset.id;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", this.dragged);
      setTimeout(() => stage.classList.add("j-dragging"));
    });
    stage.addEventListener("dragover", (event) => {
      const slot = event.target.closest(".j-slot");
      for (const other of stage.querySelectorAll(".j-over-slot")) if (other !== slot) other.classList.remove("j-over-slot");
      if (!slot?.firstElementChild) return;
      slot.classList.add("j-over-slot");
      event.preventDefault();
    });
    stage.addEventListener("drop", (event) => {
      const button = event.target.closest(".j-slot")?.firstElementChild;
      event.preventDefault();
      if (button && this.journey.moveTo(this.dragged, JSON.parse(button.dataset.place))) this.canvas.focus(this.dragged);
    });
    stage.addEventListener("dragend", () => stage.classList.remove("j-dragging"));
  }

  insert(kind, place) {
    const { defaults } = this.view.kinds[kind];
    this.show(this.journey.insert(place, { kind, label: "", ...defaults }));
    announce(t("Step added"));
  }

  show(id) {
    this.canvas.focus(id);
    this.open(id);
  }

  remove(id) {
    if (id === "start") return;
    const next = this.journey.remove(id);
    this.canvas.focus(next);
    if (this.inspector.shown === id) this.open(null);
    this.undoToast(t("Step removed"));
  }

  // A step that comes back has the keyboard again.
  undo(what) {
    const before = new Set(this.journey.ids());
    if (!this.journey[what]()) return;
    const back = this.journey.ids().find((id) => !before.has(id));
    if (back) this.canvas.focus(back);
    const { shown } = this.inspector;
    if (shown && shown !== "start" && !this.journey.find(shown)) this.open(null);
    else this.inspector.show(shown, { force: true });
    announce(what === "undo" ? t("Undone") : t("Done again"));
  }

  undoToast(text) {
    const bar = this.querySelector("[data-part=undo]");
    const button = el("button.btn.btn-sm.btn-link", { type: "button" }, t("Undo"));
    button.addEventListener("click", () => {
      bar.replaceChildren();
      this.undo("undo");
    });
    bar.replaceChildren(el("span", {}, text), button);
    clearTimeout(this.undoTimer);
    this.undoTimer = setTimeout(() => bar.replaceChildren(), 8000);
    announce(text);
  }

  // undefined leaves the panel closed (on a phone nothing should cover the flow at first).
  open(id, { focus = false } = {}) {
    if (id === undefined) return;
    this.canvas.select(id);
    this.classList.toggle("j-panel-open", id !== null || !NARROW.matches);
    this.inspector.show(id).then(() => focus && this.inspector.focus());
  }

  act(action, data, id) {
    const journey = this.journey;
    const path = Number(data.path);
    const run = {
      close: () => { this.classList.remove("j-panel-open"); this.open(null); this.canvas.focus(this.canvas.focused ?? "start"); },
      remove: () => this.remove(id),
      duplicate: () => this.show(journey.duplicate(id)),
      "add-path": () => journey.addPath(id),
      "remove-path": () => journey.removePath(id, path),
      "path-up": () => journey.movePath(id, path, -1),
      "path-down": () => journey.movePath(id, path, 1),
      problem: () => this.jump(data.step),
      step: () => this.show(data.step),
      "end-trial": () => this.endTrial(),
    }[action];
    run?.();
    if (action.includes("path")) this.inspector.show(id, { force: true });
  }

  jump(id) {
    this.canvas.focus(id);
    this.open(id, { focus: true });
  }

  tool(name) {
    const run = {
      undo: () => this.undo("undo"),
      redo: () => this.undo("redo"),
      "zoom-in": () => this.viewport.in(),
      "zoom-out": () => this.viewport.out(),
      fit: () => this.viewport.fit(),
      problems: () => { this.open(null); this.classList.add("j-panel-open"); this.inspector.panel.querySelector("[data-do=problem]")?.focus(); },
      "dry-run": () => this.dryRun(),
      walk: () => this.openWalk(),
    }[name];
    run?.();
  }

  changed() {
    this.endTrial(false);
    this.canvas.draw();
    if (this.canvas.focused && this.parts.stage.contains(document.activeElement) === false && !this.parts.panel.contains(document.activeElement)) this.canvas.mark();
    this.querySelector('[data-tool="undo"]').disabled = !this.journey.past.length;
    this.querySelector('[data-tool="redo"]').disabled = !this.journey.future.length;
    this.saver.touch();
  }

  saved(answer) {
    Object.assign(this.view, { cards: answer.cards, problems: answer.problems, hints: answer.hints });
    for (const element of document.querySelectorAll("[data-when-changed]")) element.hidden = !answer.has_changes;
    this.canvas.draw();
    if (this.parts.stage.contains(document.activeElement) || document.activeElement === document.body) this.canvas.element(this.canvas.focused ?? "")?.focus({ preventScroll: true });
    this.showProblems();
    if (this.inspector.shown === null) this.inspector.show(null, { force: true });
  }

  showSaved(state, message = "") {
    const { saved } = this.parts;
    saved.dataset.state = state;
    saved.replaceChildren(icon(state === "saved" ? "check2" : state === "saving" ? "arrow-repeat" : "exclamation-triangle"), SAVE_WORDS[state](), message && state !== "failed" ? ` – ${message}` : "");
    saved.title = message;
  }

  showProblems() {
    const { problems } = this.parts;
    const count = this.view.problems.length;
    const hints = this.view.hints.length;
    if (problems) {
      problems.classList.toggle("j-has-problems", count > 0);
      const words = count ? nt("%s problem", "%s problems", count) : t("Ready to publish");
      problems.replaceChildren(icon(count ? "exclamation-triangle-fill" : "check-circle-fill"), hints ? `${words} · ${nt("%s hint", "%s hints", hints)}` : words);
    }
    this.inspector.showProblems(this.view.problems, this.view.hints);
  }

  // Publishing waits until the server has what is on the screen.
  async beforeSubmit(event, form) {
    if (form.dataset.isReady || !this.saver) return;
    event.preventDefault();
    const isSaved = await this.saver.flush();
    if (!isSaved) return;
    const isPublish = form.dataset.journeyForm === "publish";
    if (isPublish && this.view.problems.length) return void this.jump(this.view.problems[0].step);
    if (isPublish && !(await confirm({ title: form.dataset.title, text: this.consequence(form), action: form.dataset.action }))) return;
    form.dataset.isReady = "1";
    setTimeout(() => form.requestSubmit()); // a form that is just being submitted ignores a second request
  }

  // How many people begin, what that means, and what nobody has looked at yet.
  consequence(form) {
    const { size } = this.view.cards.start;
    const isFirst = !("whenChanged" in form.dataset);
    const people = isFirst && size ? nt("%s person begins at once.", "%s people begin at once.", size) : "";
    const hints = this.view.hints.length ? nt("%s hint is worth a second look before.", "%s hints are worth a second look before.", this.view.hints.length) : "";
    return [people, form.dataset.consequence, hints].filter(Boolean).join(" ");
  }

  watch() {
    if (!this.data.counts) return;
    const ask = async () => {
      if (document.hidden) return;
      const answer = await fetchJson(this.data.urls.counts).catch(() => null);
      if (!answer) return;
      const isNew = JSON.stringify(answer.counts) !== JSON.stringify(this.view.counts);
      this.view.counts = answer.counts;
      if (answer.state !== this.data.state) window.location.reload();
      if (!isNew) return;
      const hadFocus = this.parts.stage.contains(document.activeElement);
      this.canvas.draw();
      if (hadFocus) this.canvas.focus(this.canvas.focused ?? "start");
    };
    this.poll = setInterval(ask, POLL_MS);
  }
}

Object.assign(KindredJourney.prototype, trial);
customElements.define("kindred-journey", KindredJourney);
