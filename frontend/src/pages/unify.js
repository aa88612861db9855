// Rows of a list are dragged into another order; the arrows beside them do the same by keyboard.
class KindredOrder extends HTMLElement {
  connectedCallback() {
    this.addEventListener("dragstart", (event) => {
      this.dragged = event.target.closest?.("[draggable=true]");
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
    });
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("drop", (event) => event.preventDefault());
    this.addEventListener("dragend", () => this.done());
  }

  over(event) {
    const row = event.target.closest?.("[draggable=true]");
    if (!this.dragged || !row || row === this.dragged || row.parentNode !== this.dragged.parentNode) return;
    event.preventDefault();
    this.moved = true;
    const box = row.getBoundingClientRect();
    const sideways = Math.abs(this.dragged.getBoundingClientRect().top - box.top) < 4;
    const after = sideways ? event.clientX > box.left + box.width / 2 : event.clientY > box.top + box.height / 2;
    row[after ? "after" : "before"](this.dragged);
  }

  done() {
    this.dragged = null;
    if (this.moved && this.hasAttribute("submits")) this.closest("form").requestSubmit();
    this.moved = false;
  }
}

customElements.define("kindred-order", KindredOrder);
