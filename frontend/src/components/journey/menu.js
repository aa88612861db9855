// The list of step kinds that opens at a +. Arrows choose, a first letter jumps, Escape goes back.
import { el, icon, t } from "../../lib/dom.js";

export class KindMenu {
  constructor(kinds, choose) {
    this.choose = choose;
    this.box = el("div.j-menu", { role: "menu", "aria-label": t("Add a step"), popover: "auto" });
    for (const kind of kinds) {
      const words = el("span", {}, el("strong", {}, kind.label), el("small", {}, kind.description));
      const button = el("button.j-menu-item", { type: "button", role: "menuitem", tabindex: "-1", "data-kind": kind.name }, el(`span.j-icon.j-tint-${kind.name}`, {}, icon(kind.icon)), words);
      button.addEventListener("click", () => this.pick(kind.name));
      this.box.append(button);
    }
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("toggle", (event) => event.newState === "closed" && this.closed());
    document.body.append(this.box);
  }

  open(place, anchor, opener) {
    this.place = place;
    this.opener = opener;
    this.picked = false;
    this.box.showPopover();
    const at = anchor.getBoundingClientRect();
    const { offsetWidth: wide, offsetHeight: high } = this.box;
    const top = at.bottom + 6 + high > window.innerHeight ? Math.max(8, at.top - high - 6) : at.bottom + 6;
    this.box.style.left = `${Math.min(Math.max(8, at.left + at.width / 2 - wide / 2), window.innerWidth - wide - 8)}px`;
    this.box.style.top = `${top}px`;
    this.box.firstElementChild.focus();
  }

  pick(kind) {
    this.picked = true;
    this.box.hidePopover();
    this.choose(kind, this.place);
  }

  closed() {
    if (!this.picked) this.opener?.focus();
  }

  key(event) {
    const items = [...this.box.children];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
    const letter = event.key.length === 1 ? items.find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase())) : null;
    const target = to === undefined ? letter : items[to];
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
}
