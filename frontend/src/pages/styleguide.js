// The style guide's buttons that show a toast.
import { toast } from "../components/toasts.js";

const EXAMPLES = {
  success: { text: "“Loyal customers” was deleted." },
  error: { text: "The shop database does not answer. Check the password and try again.", level: "error" },
};

document.addEventListener("click", (event) => {
  const example = EXAMPLES[event.target.closest("[data-guide-toast]")?.dataset.guideToast];
  if (example) toast(example);
});
