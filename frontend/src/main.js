// What every page needs. Heavy parts (charts, editors) load only where a page uses them.
import htmx from "htmx.org";
import "bootstrap/js/dist/collapse.js";
import "bootstrap/js/dist/dropdown.js";
import "./components/confirm.js";
import "./components/copy.js";
import "./components/focus.js";
import "./components/list.js";
import "./components/menus.js";
import "./components/nav.js";
import "./components/palette.js";
import "./components/panel.js";
import "./components/tabs.js";
import "./components/times.js";
import "./components/toasts.js";

window.htmx = htmx;

const LAZY = {
  "kindred-chart": () => import("./components/chart.js"),
  "kindred-live": () => import("./components/live.js"),
  "kindred-editor": () => import("./components/editor.js"),
};

function load(root) {
  for (const [name, loader] of Object.entries(LAZY)) if (root.querySelector(name)) loader();
}

load(document);
document.addEventListener("htmx:load", (event) => load(event.detail.elt.parentElement ?? document));
