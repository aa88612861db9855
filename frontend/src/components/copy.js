// data-copy="#selector" or data-copy-text="…": puts the text on the clipboard and says so.
import { t } from "../lib/dom.js";
import { toast } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (!button) return;
  const field = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
  const text = field ? (field.value ?? field.textContent) : button.dataset.copyText;
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: t("Copied.") });
  } catch {
    field?.select?.();
    toast({ text: t("Press Ctrl-C to copy."), level: "info" });
  }
});
