// Sets light or dark before the first paint. The server already wrote the person's own choice, if there is one.
const page = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function follow() {
  if ((page.dataset.themeChoice || "auto") === "auto") page.dataset.bsTheme = dark.matches ? "dark" : "light";
}

follow();
dark.addEventListener("change", follow);
