// <kindred-live for="main" every="5">: keeps an element of a page as the server tells it now, in place, so that nothing jumps.
// Only texts and attributes that differ are changed; what has the focus keeps it, a chart keeps its table open. The next answer
// says how soon to ask again (0: never). It waits while nobody looks, a menu is open, rows are picked or somebody types, and
// asks the more seldom the longer the server needs.
import { follow } from "../lib/follow.js";
import { keepingFocus } from "./focus.js";

const REST = 10; // answering takes at most a tenth of the time
const AGAIN_MS = 1000;
const TYPING_MS = 2000; // since the last key
const BUSY = ".dropdown-menu.show, dialog[open], .offcanvas.show, .list input[name=row]:checked";

let typedAt = -TYPING_MS;
document.addEventListener("input", () => (typedAt = performance.now()));

const here = () => window.location.href.split("#")[0];
const isBusy = () => document.hidden || document.querySelector(BUSY) || performance.now() - typedAt < TYPING_MS;

class KindredLive extends HTMLElement {
  connectedCallback() {
    this.plan(0);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  plan(least) {
    const wished = Number(this.getAttribute("every")) * 1000;
    clearTimeout(this.timer);
    if (wished) this.timer = setTimeout(() => this.ask(), Math.max(wished, least));
  }

  async ask() {
    const region = document.getElementById(this.getAttribute("for"));
    if (!region) return;
    if (isBusy()) {
      this.timer = setTimeout(() => this.ask(), AGAIN_MS);
      return;
    }
    const started = performance.now();
    const url = here();
    const fresh = await this.answer(url, region.id);
    if (fresh && this.isConnected && url === here() && !isBusy()) keepingFocus(region, () => follow(region, fresh));
    if (this.isConnected) this.plan((performance.now() - started) * REST);
  }

  // The element of the page as it is now; null when the page could not be had, or is another one.
  async answer(url, id) {
    const response = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!response?.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  }
}

customElements.define("kindred-live", KindredLive);
