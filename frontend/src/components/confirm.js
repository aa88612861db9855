// Asks before something that cannot be undone: data-confirm="consequence" on a form, button or HTMX element,
// with data-confirm-title, data-confirm-action and data-confirm-level="danger".
import { t } from "../lib/dom.js";

export function confirm({ text, title, action, level }) {
  const dialog = document.getElementById("confirm");
  dialog.dataset.level = level || "";
  dialog.querySelector("h2").textContent = title || (action ? t("%s?").replace("%s", action) : t("Are you sure?"));
  dialog.querySelector("p").textContent = text;
  dialog.querySelector("[value=yes]").textContent = action || t("Continue");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

const asked = (element) => ({
  text: element.dataset.confirm,
  title: element.dataset.confirmTitle,
  action: element.dataset.confirmAction,
  level: element.dataset.confirmLevel,
});

document.addEventListener("htmx:confirm", async (event) => {
  const source = event.detail.triggeringEvent?.submitter?.dataset?.confirm ? event.detail.triggeringEvent.submitter : event.detail.elt;
  const text = source.dataset.confirm || event.detail.question;
  if (!text) return;
  event.preventDefault();
  if (await confirm({ ...asked(source), text })) event.detail.issueRequest(true);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!source.dataset.confirm || form.dataset.confirmed || isHtmx(form)) return;
  event.preventDefault();
  if (!(await confirm(asked(source)))) return;
  form.dataset.confirmed = "1";
  form.requestSubmit(event.submitter ?? undefined);
  delete form.dataset.confirmed;
});

const isHtmx = (form) => ["hx-post", "hx-put", "hx-delete", "hx-patch"].some((name) => form.hasAttribute(name));
