// <kindred-live for="main" every="5">: keeps an element of a page as the server tells it now, in place, so that nothing jumps.
// Only texts and attributes that differ are changed; what has the focus keeps it, a chart keeps its table open. The next answer
// says how soon to ask again (0: never). It waits while nobody looks or a menu is open, and asks the more seldom the longer the
// server needs.
import { follow } from "../lib/follow.js";

const REST = 10; // answering takes at most a tenth of the time
const AGAIN_MS = 1000;
const OPEN = ".dropdown-menu.show, dialog[open], .offcanvas.show";

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
    if (document.hidden || document.querySelector(OPEN)) {
      this.timer = setTimeout(() => this.ask(), AGAIN_MS);
      return;
    }
    const started = performance.now();
    const fresh = await this.answer(region.id);
    if (fresh && this.isConnected && !document.querySelector(OPEN)) follow(region, fresh);
    if (this.isConnected) this.plan((performance.now() - started) * REST);
  }

  // The element of the page as it is now; null when the page could not be had, or is another one.
  async answer(id) {
    const url = window.location.href.split("#")[0];
    const response = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!response?.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  }
}

customElements.define("kindred-live", KindredLive);
