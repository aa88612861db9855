// Keyboard focus survives a swap: data-focus-next="selector" names what comes next; else what replaces the focused control takes the focus over; where nothing does, its surroundings.
const CONTROLS = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex='-1'])";
const NAMED = ["name", "value", "aria-label", "rel", "title"];

let lost = null;

const controls = (root) => [...root.querySelectorAll(CONTROLS)];
const nameOf = (node) => [node.tagName, ...NAMED.map((name) => node.getAttribute(name)), node.matches("a, button, summary") ? node.textContent.trim() : ""].join("\n");

// The nearest ancestor that the swap leaves alone, for swaps that remove the target itself.
function remember({ detail }) {
  const focused = document.activeElement;
  if (!detail.target?.contains(focused) || focused === document.body || focused === detail.target) return;
  const around = detail.target.parentElement ?? document.body;
  lost = { focused, id: focused.id, name: nameOf(focused), target: detail.target, around, place: controls(around).indexOf(focused), then: focused.dataset.focusNext };
}

function restore() {
  if (!lost) return;
  const { focused, id, name, target, around, place, then } = lost;
  lost = null;
  if (document.activeElement !== document.body && document.activeElement !== null) return;
  if (focused.isConnected) return focused.focus({ preventScroll: true });
  const root = around.isConnected ? around : document.body;
  const all = controls(root).filter((node) => node.getClientRects().length);
  const inside = target.isConnected ? all.filter((node) => target.contains(node)) : all;
  const next = then && root.querySelector(then);
  const same = next || (id && document.getElementById(id)) || inside.find((node) => nameOf(node) === name);
  (same || all[Math.min(Math.max(place, 0), all.length - 1)] || document.getElementById("main"))?.focus();
}

// As around a swap of HTMX: for whoever else renews a part of the page.
export function keepingFocus(target, renew) {
  remember({ detail: { target } });
  renew();
  restore();
}

// A page that is one form begins in its first field, or in the one that its address names (#id_key); not where a keyboard on the screen would cover half of it.
function begin() {
  const form = document.querySelector("main form[data-begin], main .panel-page form, main form.panel-page");
  const named = document.getElementById(location.hash.slice(1));
  if (form && named?.matches("input, select, textarea")) named.focus();
  const isTouched = window.matchMedia("(pointer: coarse)").matches;
  if (!form || isTouched || location.hash || ![document.body, null].includes(document.activeElement)) return;
  const wrong = form.querySelector(":is(input, select, textarea):is(.is-invalid, [aria-invalid=true])");
  (wrong ?? form.querySelector("input:not([type=hidden], [type=checkbox], [type=radio], [disabled]), select:not([disabled]), textarea:not([disabled])"))?.focus();
}

begin();
document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:afterSwap", restore);
