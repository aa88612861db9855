// <kindred-editor language="html|liquid"><textarea name="…"></textarea></kindred-editor>: a code editor over a textarea, which
// stays the form's field. Events: "input" on the textarea. Methods: insert(text) at the cursor, goTo(line, column), both
// counted from 1, and replace(text, other, line, column) of the first such text from there on. Escape, then Tab leaves it by keyboard.
import { autocompletion, closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colors = HighlightStyle.define([
  { tag: tags.tagName, color: "var(--k-accent-text)" },
  { tag: tags.attributeName, color: "var(--k-info)" },
  { tag: tags.attributeValue, color: "var(--k-good)" },
  { tag: tags.comment, color: "var(--k-text-faint)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { color: "var(--k-text)", backgroundColor: "var(--k-surface)", fontSize: "13px", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": { fontFamily: "var(--k-mono)", caretColor: "var(--k-text)", padding: "8px 0" },
  ".cm-scroller": { fontFamily: "var(--k-mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--k-surface)", color: "var(--k-text-faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--k-sunken)" },
  ".cm-cursor": { borderLeftColor: "var(--k-text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--k-accent) 25%, transparent) !important" },
  ".cm-token": { color: "var(--k-coral)", fontWeight: "600" },
  ".cm-tooltip": { backgroundColor: "var(--k-surface)", border: "1px solid var(--k-border)", borderRadius: "8px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--k-accent-soft)", color: "var(--k-accent-text)" },
});

// How long Tab leaves the editor after Escape, unless another key comes between; two seconds are CodeMirror's own, which is short
// for who hunts for keys. Also where Escape closes a list, and kept from CodeMirror, which would set its own time.
const LEAVING_MS = 15000;
const leave = (isLast) => ({ key: "Escape", run: (view) => { view.setTabFocusMode(LEAVING_MS); return isLast; } });

const matcher = new MatchDecorator({ regexp: /\{\{.*?\}\}|\{%.*?%\}/g, decoration: Decoration.mark({ class: "cm-token" }) });
const tokens = ViewPlugin.define((view) => ({ decorations: matcher.createDeco(view), update(u) { this.decorations = matcher.updateDeco(u, this.decorations); } }), { decorations: (v) => v.decorations });

class KindredEditor extends HTMLElement {
  connectedCallback() {
    if (this.view) return;
    this.field = this.querySelector("textarea");
    if (!this.field) return;
    // A shadow root takes constructed style sheets, which a strict content security policy allows.
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.box = document.createElement("div");
    this.box.part = "editor";
    root.replaceChildren(this.box);
    this.view = new EditorView({ state: this.state(this.field.value), parent: this.box, root });
    this.field.addEventListener("kindred:set", () => this.set(this.field.value));
  }

  disconnectedCallback() {
    this.view?.destroy();
    this.view = null;
  }

  state(doc) {
    const label = this.getAttribute("label") || this.field.labels?.[0]?.textContent.trim() || "";
    const words = (context) => {
      const typed = context.matchBefore(/\{\{\s*[^}]*/);
      if (!typed) return null;
      const options = (this.tokens ?? []).map((name) => ({ label: `{{${name}}}`, type: "variable" }));
      return { from: typed.from, options, filter: true };
    };
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightSelectionMatches(),
        html({ selfClosingTags: true }), syntaxHighlighting(colors), look, tokens, EditorView.lineWrapping,
        Prec.highest(keymap.of([leave(false)])), autocompletion({ override: [words], interactionDelay: 0 }), keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab, leave(true)]),
        EditorState.readOnly.of(this.field.matches(":disabled")),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "true" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          this.field.value = update.state.doc.toString();
          this.field.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    });
  }

  get value() {
    return this.view ? this.view.state.doc.toString() : this.field.value;
  }

  set(text) {
    if (text !== this.value) this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  place(line, column) {
    const { doc } = this.view.state;
    const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return Math.min(found.from + Math.max(column, 1) - 1, found.to);
  }

  goTo(line, column = 1) {
    this.view.dispatch({ selection: { anchor: this.place(line, column) }, scrollIntoView: true });
    this.view.focus();
  }

  replace(text, other, line = 1, column = 1) {
    const from = this.value.indexOf(text, this.place(line, column));
    if (from < 0) return this.goTo(line, column);
    this.view.dispatch({ changes: { from, to: from + text.length, insert: other }, selection: { anchor: from + other.length }, scrollIntoView: true });
    this.view.focus();
  }

  insert(text) {
    this.view.dispatch(this.view.state.replaceSelection(text));
    this.view.focus();
  }
}

customElements.define("kindred-editor", KindredEditor);
