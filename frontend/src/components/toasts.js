// Toasts: from the server (HX-Trigger {"toast": {...}} or messages in the page), or `toast({text, level})` in scripts.
import { el, icon, t } from "../lib/dom.js";

const ICONS = { success: "check-circle-fill", error: "exclamation-octagon-fill", warning: "exclamation-triangle-fill", info: "info-circle-fill" };
const STAY_MS = 6000;

export function toast({ text, level = "success" }) {
  const box = document.getElementById("toasts");
  if (!box || !text) return;
  const card = el(`div.toast-card.toast-${level}`, { role: level === "error" ? "alert" : "status" }, icon(ICONS[level] ?? ICONS.info), el("p", {}, text));
  box.append(card);
  watch(card);
}

function watch(card) {
  const close = el("button.btn-close", { type: "button", "aria-label": t("Close") });
  close.addEventListener("click", () => card.remove());
  card.append(close);
  if (card.classList.contains("toast-error")) return;
  let timer = setTimeout(() => card.remove(), STAY_MS);
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", () => (timer = setTimeout(() => card.remove(), STAY_MS)));
  card.addEventListener("focusin", () => clearTimeout(timer));
}

function failed(event) {
  const xhr = event.detail.xhr;
  let text = t("That did not work. Check your connection and try again.");
  if (xhr?.status === 403) text = t("Your role does not allow this. Ask an administrator for the permission.");
  if (xhr?.status >= 500) text = t("Something went wrong on our side. Nothing you typed is lost; try again.");
  try {
    text = JSON.parse(xhr.responseText).error.message || text;
  } catch {
    // Not JSON: the sentence above stands.
  }
  toast({ text, level: "error" });
}

document.querySelectorAll("#toasts .toast-card").forEach(watch);
document.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
