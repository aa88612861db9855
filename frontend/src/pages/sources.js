// A file may be dropped anywhere in <kindred-drop>; the name of a single one suggests the source's, several are listed by name. A form
// without a name is not sent: chosen files would have to be chosen again. Without scripts it is a plain file field.
import { el, icon, t } from "../lib/dom.js";

class KindredDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    if (!this.input) return;
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, (event) => this.over(event));
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, () => this.removeAttribute("data-over"));
    this.addEventListener("drop", (event) => this.dropped(event));
    this.input.addEventListener("change", () => this.chosen());
    this.closest("form")?.addEventListener("submit", (event) => this.needsName(event));
    if (this.input.multiple) this.invite();
  }

  invite() {
    const words = document.createElement("p");
    words.className = "sources-drop";
    words.append(icon("cloud-upload"), t("Drop files here, or choose them."));
    this.prepend(words);
    this.setAttribute("data-invites", "");
  }

  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.setAttribute("data-over", "");
  }

  dropped(event) {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.input.files = event.dataTransfer.files;
    this.chosen();
  }

  get field() {
    return this.closest("form")?.querySelector('input[name="name"]');
  }

  chosen() {
    this.list ??= this.input.insertAdjacentElement("afterend", el("ul.sources-chosen", { "aria-live": "polite" }));
    const files = this.input.files.length > 1 ? [...this.input.files] : []; // the field itself names a single one
    this.list.replaceChildren(...files.map((file) => el("li", {}, icon("file-earmark"), file.name)));
    this.suggestName();
  }

  needsName(event) {
    if (!this.input.files.length || !this.field || this.field.value.trim()) return;
    event.preventDefault();
    this.field.required = true;
    this.field.reportValidity();
  }

  suggestName() {
    const field = this.field;
    const [file, ...others] = this.input.files;
    if (!field || field.value || !file || others.length) return;
    field.value = file.name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "_").replace(/^[_-]+|[_-]+$/g, "").toLowerCase();
  }
}

customElements.define("kindred-drop", KindredDrop);
