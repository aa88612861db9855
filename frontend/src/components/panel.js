// The side panel: anything with hx-target="#panel" opens it; HX-Trigger "panel:close" closes it.
import Offcanvas from "bootstrap/js/dist/offcanvas.js";
import htmx from "htmx.org";

const panel = document.getElementById("panel");

export const openPanel = () => Offcanvas.getOrCreateInstance(panel).show();
export const closePanel = () => Offcanvas.getInstance(panel)?.hide();

if (panel) {
  const skeleton = document.getElementById("panel-skeleton").content;
  let opener = null;
  let isAnswer = false; // to a control inside, which keeps the focus unless something is wrong

  // Focus stays inside, so that Escape closes and Tab goes on from here.
  const focusFirst = () => {
    const first = panel.querySelector("[autofocus], :is(input, select, textarea).is-invalid") ?? panel.querySelector("input:not([type=hidden]), select, textarea");
    (first ?? panel).focus();
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target !== panel) return;
    isAnswer = panel.contains(event.detail.elt);
    if (isAnswer) return;
    opener = event.detail.elt;
    panel.classList.toggle("panel-wide", opener.dataset.panel === "wide");
    panel.replaceChildren(skeleton.cloneNode(true));
    openPanel();
  });
  // What is there answers at once: else Enter in the first field would send the form as a page of its own.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel) return;
    htmx.process(panel);
    if (!(isAnswer && !panel.querySelector(".is-invalid"))) focusFirst();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === panel) panel.querySelector("[data-result]")?.scrollIntoView({ block: "start" });
  });
  // While an answer takes the place of what had the focus, nothing has it.
  document.addEventListener("keydown", (event) => {
    const isNowhere = [document.body, opener].includes(document.activeElement);
    if (event.key === "Escape" && isNowhere && panel.classList.contains("show")) closePanel();
  });
  // An answer that comes before the panel has slid in: Bootstrap then moves the focus to the panel itself.
  panel.addEventListener("shown.bs.offcanvas", () => {
    if (document.activeElement === panel) focusFirst();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.target === panel && !panel.querySelector("form")) closePanel();
  });
  document.addEventListener("panel:close", closePanel);
  panel.addEventListener("hidden.bs.offcanvas", () => {
    panel.replaceChildren();
    if (opener?.isConnected) opener.focus();
  });
}
