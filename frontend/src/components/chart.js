// <kindred-chart type="bar|line|area|funnel" data="id of a json_script" label="…">: a drawing, its table one click away.
// Data: {"labels": [...], "series": [{"name": "…", "values": [...]}], "format": "number|percent|money", "currency": "EUR",
//        "stacked": false, "links": [...]}; missing values are null.
import { el, icon, percent, t } from "../lib/dom.js";

const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 2], [10, 4]];
const LONG_LABEL = 12; // characters
let loading = null;

function chartJs() {
  loading ??= import("chart.js").then((lib) => {
    lib.Chart.register(lib.BarController, lib.LineController, lib.BarElement, lib.LineElement, lib.PointElement, lib.CategoryScale, lib.LinearScale, lib.Filler, lib.Tooltip);
    return lib.Chart;
  });
  return loading;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

class KindredChart extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.read();
    this.build();
    this.draw();
    this.themes = new MutationObserver(() => this.draw());
    this.themes.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  disconnectedCallback() {
    this.text = undefined;
    this.themes?.disconnect();
    this.chart?.destroy();
    this.ready = false;
    this.replaceChildren();
  }

  // True when the page tells other numbers than those that are drawn.
  read() {
    const text = document.getElementById(this.getAttribute("data"))?.textContent ?? "";
    if (text === this.text) return false;
    this.text = text;
    this.data = text ? JSON.parse(text) : { labels: [], series: [] };
    return true;
  }

  // Draws what the page tells now, if that is new.
  renew() {
    if (this.ready && this.read()) this.update(this.data);
  }

  // New values without a new element: chart.update({labels, series}). A table that is open stays open.
  update(data) {
    this.data = data;
    this.tableBox.replaceChildren(this.table());
    this.draw();
  }

  format(value) {
    if (value === null || value === undefined) return "–";
    const lang = document.documentElement.lang;
    const { format, currency } = this.data;
    if (format === "percent") return percent(value);
    if (format === "money" && currency) return new Intl.NumberFormat(lang, { style: "currency", currency }).format(value);
    return new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(value);
  }

  // Days ("2026-11-17") read as the language writes them; other labels stay.
  name(label) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(label)) return label;
    return new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(label));
  }

  // What stands below a bar or point: words longer than a number or day in two lines, or neighbours would cover one another.
  lines(label) {
    const text = this.name(label);
    const gaps = [...text.matchAll(/\s+/g)].map((gap) => gap.index);
    if (text.length <= LONG_LABEL || !gaps.length) return text;
    const middle = gaps.reduce((best, at) => (Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2) ? at : best));
    return [text.slice(0, middle), text.slice(middle).trim()];
  }

  // Axis labels: short, without cents.
  tick(value) {
    const { format, currency } = this.data;
    if (format === "percent" || (value && Math.abs(value) < 10)) return this.format(value);
    const style = format === "money" && currency ? { style: "currency", currency } : {};
    return new Intl.NumberFormat(document.documentElement.lang, { ...style, notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 1 }).format(value);
  }

  build() {
    const label = this.getAttribute("label") || "";
    this.chart?.destroy();
    this.chart = null;
    this.canvasBox = el("div.chart-canvas");
    this.tableBox = el("div.chart-table", { hidden: true, tabindex: "0", role: "region", "aria-label": label }, this.table());
    const toggle = el("button.btn.btn-sm.btn-ghost", { type: "button", "aria-pressed": "false" }, icon("table"), t("Table"));
    toggle.addEventListener("click", () => {
      const shown = this.tableBox.hidden;
      this.tableBox.hidden = !shown;
      this.canvasBox.hidden = shown;
      toggle.setAttribute("aria-pressed", String(shown));
    });
    const download = el("button.btn.btn-sm.btn-ghost", { type: "button" }, icon("download"), t("CSV"));
    download.addEventListener("click", () => this.download());
    this.legend = el("ul.chart-legend", { "aria-hidden": "true" });
    this.replaceChildren(el("div.chart-head", {}, el("h3", {}, label), toggle, download), this.canvasBox, this.tableBox, this.legend);
  }

  table() {
    const { labels, series } = this.data;
    const head = el("tr", {}, el("th", { scope: "col" }, ""), ...series.map((s) => el("th.text-end", { scope: "col" }, s.name)));
    const body = labels.map((label, i) => el("tr", {}, el("th", { scope: "row" }, this.name(label)), ...series.map((s) => el("td.text-end", {}, this.format(s.values[i])))));
    return el("table.table", {}, el("caption.visually-hidden", {}, this.getAttribute("label") || ""), el("thead", {}, head), el("tbody", {}, ...body));
  }

  download() {
    const cell = (value) => `"${String(value ?? "").replace(/^([=+@\t\r]|-(?![\d.]))/, "'$1").replaceAll('"', '""')}"`;
    const { labels, series } = this.data;
    const lines = [["", ...series.map((s) => s.name)], ...labels.map((label, i) => [label, ...series.map((s) => s.values[i])])];
    const blob = new Blob(["\ufeff", lines.map((line) => line.map(cell).join(",")).join("\r\n")], { type: "text/csv" });
    const url = URL.createObjectURL(blob);
    el("a", { href: url, download: `${this.getAttribute("label") || "chart"}.csv` }).click();
    URL.revokeObjectURL(url);
  }

  async draw() {
    const { labels, series } = this.data;
    if (!labels.length || !series.some((s) => s.values.some((v) => v !== null))) {
      this.canvasBox.replaceChildren(el("p.chart-none", {}, t("Nothing to draw yet.")));
      return;
    }
    if (this.getAttribute("type") === "funnel") return this.funnel();
    const Chart = await chartJs();
    if (!this.isConnected) return;
    if (this.chart?.canvas?.isConnected && this.drawn === this.look()) {
      const { data } = this.config();
      this.chart.data = data;
      this.chart.update("none");
      return;
    }
    this.drawn = this.look();
    this.chart?.destroy();
    const canvas = el("canvas", { role: "img", "aria-label": `${this.getAttribute("label") || ""}. ${t("The numbers are in the table.")}` });
    this.canvasBox.replaceChildren(canvas);
    this.chart = new Chart(canvas, this.config());
    this.showLegend();
  }

  // What a drawing must be made anew for; other numbers move within it.
  look() {
    return JSON.stringify([document.documentElement.dataset.bsTheme, this.data.labels.length > 1, this.data.series.map((s) => s.name)]);
  }

  config() {
    const asked = this.getAttribute("type") || "bar";
    const type = this.data.labels.length > 1 ? asked : "bar"; // one point is no line
    const grid = token("--k-border");
    const text = token("--k-text-soft");
    const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
    const datasets = this.data.series.map((s, i) => {
      const color = token(`--k-chart-${(i % 6) + 1}`);
      const line = { borderColor: color, borderWidth: 2, borderDash: DASHES[i % 6], pointRadius: this.data.labels.length > 40 ? 0 : 2, cubicInterpolationMode: "monotone" };
      const shade = { backgroundColor: type === "bar" ? color : `${color}26`, fill: type === "area", maxBarThickness: 44, borderRadius: 3 };
      return { label: s.name, data: s.values, ...shade, ...(type === "bar" ? {} : line) };
    });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    return {
      type: type === "bar" ? "bar" : "line",
      data: { labels: this.data.labels.map((label) => this.lines(label)), datasets },
      options: {
        responsive: true,
        maintainAspectRatio: false,
        animation: still ? false : { duration: 120 },
        interaction: { mode: "index", intersect: false },
        onClick: (event, items) => items[0] && this.data.links?.[items[0].index] && window.location.assign(this.data.links[items[0].index]),
        plugins: { legend: { display: false }, tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${this.format(item.raw)}` } } },
        scales: {
          x: { stacked: this.data.stacked, grid: { display: false }, border: { color: grid }, ticks: { color: text, font, maxRotation: 0, autoSkipPadding: 12 } },
          y: { stacked: this.data.stacked, beginAtZero: true, grid: { color: grid }, border: { display: false }, ticks: { color: text, font, maxTicksLimit: 6, callback: (value) => this.tick(value) } },
        },
      },
    };
  }

  showLegend() {
    this.legend.hidden = this.data.series.length < 2;
    this.legend.replaceChildren(...this.data.series.map((s, i) => el("li", {}, key(i), s.name)));
  }

  // One bar per stage, as long as its share of the first. Words are HTML: they keep their size on a narrow screen.
  funnel() {
    const { labels, series } = this.data;
    const values = series[0].values;
    const stages = values.map((value, i) => {
      const share = values[0] ? value / values[0] : 0;
      const bar = node("svg", { viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" });
      bar.append(node("rect", { width: Math.max(share * 100, value ? 0.5 : 0), height: 16 }));
      return el("li", {}, el("span", {}, labels[i]), el("span.chart-funnel-value", {}, `${this.format(value)} · ${percent(share)}`), bar);
    });
    this.canvasBox.classList.add("h-auto");
    this.canvasBox.replaceChildren(el("ol.chart-funnel", { "aria-label": this.getAttribute("label") || "" }, ...stages));
    this.legend.hidden = true;
  }
}

function node(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function key(index) {
  const svg = node("svg", { class: "chart-key", viewBox: "0 0 12 12" });
  svg.append(node("rect", { width: 12, height: 12, rx: 3, fill: `var(--k-chart-${(index % 6) + 1})` }));
  return svg;
}

customElements.define("kindred-chart", KindredChart);
