// <kindred-mail frame="…">: the e-mail editor around a form and a preview frame. The form saves itself through HTMX; the
// preview follows each save. Switches: person, width, colours, text part. Tokens are inserted where something was last typed or clicked.
// A check ([data-jump] names a field, data-line and data-column a place in the body) leads to what it is about; [data-fix] writes
// what was meant in place of data-unknown.
import "../components/editor.js";

class KindredMail extends HTMLElement {
  connectedCallback() {
    this.view = { person: this.querySelector("[data-person]")?.value ?? "", scheme: "light", part: "" };
    this.preview = this.querySelector(".mail-frame");
    this.form = this.querySelector("form.mail-write");
    this.editor = this.querySelector("kindred-editor");
    this.editor.tokens = [...this.querySelectorAll("[data-token]")].map((button) => button.dataset.token);
    this.last = null;
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("input", (event) => this.typed(event));
    for (const use of ["pointerdown", "keydown", "input"]) this.addEventListener(use, (event) => event.key !== "Tab" && this.used(event.target));
    this.used(this.editor);
    this.addEventListener("htmx:afterSwap", (event) => event.target.id === "mail-state" && this.reload());
    // A click is lost when what it began on is replaced before the button is let go.
    this.addEventListener("htmx:beforeSwap", (event) => event.target.matches("#mail-people:active") && event.preventDefault());
    this.addEventListener("shown.bs.dropdown", (event) => event.target.parentElement.querySelector(".dropdown-menu input[type=search]")?.focus());
    for (const failure of ["htmx:responseError", "htmx:sendError"]) this.addEventListener(failure, () => this.say("failed"));
    this.querySelectorAll("[data-count]").forEach((counter) => this.count(counter));
  }

  // What is merely passed with Tab on the way to the menu takes no value.
  used(field) {
    if (field.matches("#id_subject, #id_preview_text, #id_text")) this.last = field;
    else if (field.closest("kindred-editor")) this.last = null;
    else return;
    const label = this.querySelector(`label[for="${this.last?.id ?? "id_body"}"]`);
    this.querySelector("[data-token-goes]").textContent = label.firstChild.textContent.trim();
  }

  typed(event) {
    if (this.form.contains(event.target) && event.target.name) this.say("saving");
    if (event.target.matches("[data-token-search]")) this.filter(event.target.value);
    this.querySelectorAll(`[data-count="${event.target.id}"]`).forEach((counter) => this.count(counter));
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { token, pick, width, scheme, jump, fix } = button.dataset;
    if (fix) this.fix(button.dataset);
    else if (jump) this.jump(button.dataset);
    else if (token || pick) this.chosen(button);
    else if (width) this.press(button, () => this.preview.classList.toggle("mail-frame-phone", width === "phone"));
    else if (scheme) this.press(button, () => this.show({ scheme }));
    else if ("part" in button.dataset) this.togglePart(button);
  }

  // An entry of a menu: the menu closes, and the focus goes to where the entry went.
  chosen(button) {
    const { token, pick, name } = button.dataset;
    const toggle = button.closest(".dropdown").querySelector("[data-bs-toggle]");
    toggle.click();
    if (token) return this.insert(`{{ ${token} }}`);
    this.pick(pick, name);
    toggle.focus();
  }

  press(button, act) {
    for (const other of button.parentElement.querySelectorAll("button")) {
      other.classList.toggle("active", other === button);
      other.setAttribute("aria-pressed", String(other === button));
    }
    act();
  }

  togglePart(button) {
    const on = !this.view.part;
    button.classList.toggle("active", on);
    button.setAttribute("aria-pressed", String(on));
    this.show({ part: on ? "text" : "" });
  }

  insert(text) {
    if (!this.last) {
      this.editor.insert(text);
      return;
    }
    this.last.setRangeText(text, this.last.selectionStart, this.last.selectionEnd, "end");
    this.last.dispatchEvent(new Event("input", { bubbles: true }));
    this.last.focus();
  }

  jump({ jump, line, column }) {
    const field = this.querySelector(`#id_${jump === "defaults" ? "defaults_text" : jump}`);
    if (jump === "body") this.editor.goTo(Number(line), Number(column));
    else if (field) {
      const folded = field.closest("details");
      if (folded) folded.open = true;
      field.focus();
    }
  }

  fix({ jump, fix, unknown, line, column }) {
    const field = this.querySelector(`#id_${jump}`);
    if (jump === "body") return this.editor.replace(unknown, fix, Number(line), Number(column));
    const start = field.value.indexOf(unknown);
    if (start < 0) return;
    field.setRangeText(fix, start, start + unknown.length, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  // Words for "saving" and "failed" are the template's.
  say(state) {
    const place = this.querySelector("[data-saving]");
    if (place) place.textContent = place.dataset[state];
  }

  pick(person, name) {
    this.querySelectorAll("[data-person]").forEach((field) => { field.value = person; });
    this.querySelector("[data-person-name]").textContent = name;
    const toggle = this.querySelector(".people-menu")?.previousElementSibling;
    if (toggle?.getAttribute("aria-expanded") === "true") toggle.click();
    toggle?.focus();
    this.show({ person });
    this.form.dispatchEvent(new Event("mail:save"));
  }

  filter(text) {
    const wanted = text.trim().toLocaleLowerCase();
    for (const group of this.querySelectorAll("[data-token-group]")) {
      const items = [...group.querySelectorAll("[data-token]")];
      items.forEach((item) => { item.hidden = !item.dataset.token.toLocaleLowerCase().includes(wanted); });
      group.hidden = items.every((item) => item.hidden);
    }
  }

  count(counter) {
    const length = [...(document.getElementById(counter.dataset.count)?.value ?? "")].length;
    counter.textContent = `${length} / ${counter.dataset.good}`;
    counter.classList.toggle("text-coral", length > Number(counter.dataset.good));
  }

  show(changes) {
    Object.assign(this.view, changes);
    this.reload();
  }

  // A new address, not reload(): the sandboxed frame is of another origin.
  reload() {
    this.preview.src = `${this.getAttribute("frame")}?${new URLSearchParams({ ...this.view, at: Date.now() })}`;
  }
}

customElements.define("kindred-mail", KindredMail);
