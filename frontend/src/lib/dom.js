// Small helpers that components share.
export const t = (text) => window.gettext?.(text) ?? text;

export function nt(one, many, count) {
  const text = window.ngettext?.(one, many, count) ?? (count === 1 ? one : many);
  return text.replace("%s", new Intl.NumberFormat(document.documentElement.lang).format(count));
}

// A fraction with one decimal, as on every page; what is not quite nothing or all is never rounded to it: 0.9998 → ">99.9%".
export function percent(share) {
  const written = (value) => new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 }).format(value);
  if (share > 0 && share < 0.0005) return `<${written(0.001)}`;
  return share >= 0.9995 && share < 1 ? `>${written(0.999)}` : written(share);
}

const spriteUrl = () => document.body.dataset.icons;

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${spriteUrl()}#${name}`);
  svg.append(use);
  return svg;
}

// el("button.btn.btn-sm", {type: "button"}, "Text", child)
export function el(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children);
  return node;
}

export const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

export const csrfToken = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? cookie("csrftoken");

// fetch() with the token, expecting JSON; throws an Error whose message can be shown to a person.
export async function fetchJson(url, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), ...options.headers };
  if (options.body && typeof options.body !== "string" && !(options.body instanceof FormData)) {
    options = { ...options, body: JSON.stringify(options.body) };
    headers["Content-Type"] = "application/json";
  }
  const response = await fetch(url, { ...options, headers });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const data = isJson ? await response.json() : null;
  if (!response.ok) {
    const error = new Error(data?.error?.message || t("That did not work. Check your connection and try again."));
    throw Object.assign(error, { status: response.status, data });
  }
  return data;
}

export function debounce(wait, run) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), wait);
  };
}

export const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], kindred-editor, dialog") != null;

// Says something to screen readers without moving anything on the screen.
export function announce(text) {
  const region = document.getElementById("announcer");
  if (region) region.textContent = text;
}
