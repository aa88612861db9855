// Trying a draft out without sending: everybody counted, or one person walked through. Mixed into the designer.
import { announce, el, fetchJson, icon, nt, t } from "../../lib/dom.js";

export const trial = {
  async dryRun() {
    if (this.saver && !(await this.saver.flush())) return;
    this.busy(t("Counting…"));
    try {
      this.view.trial = await fetchJson(this.data.urls.dry_run, { method: "POST", body: {} });
      this.view.way = null;
      this.canvas.draw();
      this.notice(nt("%s person would enter now. The numbers show where people would come, with what is known about them today. Nothing was sent.", "%s people would enter now. The numbers show where people would come, with what is known about them today. Nothing was sent.", this.view.trial.audience));
    } catch (error) {
      this.notice(error.message, true);
    }
  },

  async openWalk() {
    if (this.saver && !(await this.saver.flush())) return;
    this.inspector.shown = "walk";
    this.classList.add("j-panel-open");
    await window.htmx.ajax("GET", this.data.urls.walk, { target: this.parts.panel, swap: "innerHTML" });
    this.inspector.focus();
    if (this.isListening) return;
    this.isListening = true;
    this.parts.panel.addEventListener("htmx:afterSettle", () => this.showWay());
  },

  // The panel of a walk carries the way as data; the canvas lights it.
  showWay() {
    const source = this.parts.panel.querySelector("[data-way]");
    if (!source) return;
    this.view.trial = null;
    this.view.way = new Set(["start", ...JSON.parse(source.dataset.way)]);
    this.canvas.draw();
  },

  endTrial(redraw = true) {
    if (!this.view.trial && !this.view.way) return;
    this.view.trial = null;
    this.view.way = null;
    this.querySelector("[data-part=notice]").replaceChildren();
    if (this.inspector.shown === "walk") this.open(null);
    if (redraw) this.canvas.draw();
  },

  busy(text) {
    this.querySelector("[data-part=notice]").replaceChildren(el("span.spinner-border.spinner-border-sm", { "aria-hidden": "true" }), text);
  },

  notice(text, isBad = false) {
    const close = el("button.btn-close", { type: "button", "aria-label": t("Close") });
    close.addEventListener("click", () => { this.querySelector("[data-part=notice]").replaceChildren(); this.endTrial(); });
    this.querySelector("[data-part=notice]").replaceChildren(icon(isBad ? "exclamation-triangle" : "info-circle"), el("span", {}, text), close);
    announce(text);
  },
};
