// Folding the navigation, the phone's drawer, and links' tooltips while folded.
import Offcanvas from "bootstrap/js/dist/offcanvas.js";

const YEAR_SECONDS = 31536000;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-nav-fold]");
  if (!button) return;
  const folded = document.documentElement.classList.toggle("nav-folded");
  button.setAttribute("aria-expanded", String(!folded));
  document.cookie = `nav=${folded ? "folded" : "open"}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
});

const drawer = document.getElementById("navigation");
if (drawer) {
  window.matchMedia("(min-width: 992px)").addEventListener("change", () => Offcanvas.getInstance(drawer)?.hide());
  drawer.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
}
