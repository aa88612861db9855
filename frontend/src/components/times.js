// Keeps relative times true while a page stays open.
const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const REFRESH_MS = 30000;

function refresh() {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "long" });
  for (const node of document.querySelectorAll("time[data-ago]")) {
    const seconds = (new Date(node.dateTime) - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    if (unit !== "second") node.textContent = format.format(Math.trunc(seconds / size), unit);
  }
}

setInterval(refresh, REFRESH_MS);
