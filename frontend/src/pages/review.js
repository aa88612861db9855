// The question answers to its keys: whatever has data-key is pressed by that key.
import { announce, isTyping } from "../lib/dom.js";

class KindredReview extends HTMLElement {
  connectedCallback() {
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
    announce(this.querySelector(".meter-words span")?.textContent ?? "");
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const control = [...this.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!control || control.disabled) return;
    event.preventDefault();
    control.click();
  }
}

customElements.define("kindred-review", KindredReview);
