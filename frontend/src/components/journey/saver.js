// Keeps the draft on the server: a moment after each change, one request at a time, tried again when it fails.
import { fetchJson } from "../../lib/dom.js";

const PAUSE_MS = 450;
const RETRY_MS = 4000;

export class Saver {
  constructor({ url, revision, body, onState, onSaved }) {
    Object.assign(this, { url, revision, body, onState, onSaved });
    this.isDirty = false;
    this.sending = null;
    window.addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
  }

  touch() {
    this.isDirty = true;
    this.onState("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE_MS);
  }

  // Saves what is open now; true when the server has everything.
  async flush() {
    clearTimeout(this.timer);
    await this.sending;
    if (this.isDirty && !this.isLost) await this.send();
    return !this.isDirty;
  }

  send() {
    if (this.sending) return this.sending.then(() => this.isDirty && this.send());
    this.sending = this.post().finally(() => (this.sending = null));
    return this.sending;
  }

  async post() {
    this.isDirty = false;
    try {
      const answer = await fetchJson(this.url, { method: "POST", body: { ...this.body(), revision: this.revision } });
      this.revision = answer.revision;
      if (!this.isDirty) this.onState("saved");
      this.onSaved(answer);
    } catch (error) {
      this.isDirty = true;
      this.isLost = error.status === 409 || error.status === 403;
      this.onState(this.isLost ? "lost" : error.status === 400 ? "refused" : "failed", error.message);
      if (!this.isLost && error.status !== 400) this.timer = setTimeout(() => this.send(), RETRY_MS);
    }
  }
}
