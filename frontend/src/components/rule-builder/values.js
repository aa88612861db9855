// The last chips of a sentence: what an operator compares with, by what it takes and the type of the column.
import { el, fetchJson, t } from "../../lib/dom.js";
import { tokens } from "./tokens.js";

const lang = () => document.documentElement.lang || "en";
const separators = () => {
  const parts = new Intl.NumberFormat(lang()).formatToParts(11111.1);
  return { group: parts.find((p) => p.type === "group")?.value ?? ",", decimal: parts.find((p) => p.type === "decimal")?.value ?? "." };
};

export const showNumber = (value) => (typeof value === "number" ? new Intl.NumberFormat(lang(), { maximumFractionDigits: 6 }).format(value) : "");

// A number as a person writes it; null for anything else. Where only whole numbers make sense, "1.000" and "1,000" are both
// a thousand, whatever the language of the page.
export function readNumber(text, isWhole = false) {
  const { group, decimal } = separators();
  const grouped = isWhole && /^\s*-?\d{1,3}([.,]\d{3})+\s*$/.test(text);
  const plain = (grouped ? text.replaceAll(/[.,]/g, "") : text).trim().replaceAll(group, "").replaceAll(/[\s\u00a0\u202f']/g, "").replace(decimal, ".");
  return /^-?\d+(\.\d+)?$/.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : null;
}

// ctx: {about, test, takes, key, label, valuesUrl, table, change(value)}; returns the elements.
export function valueEditors(ctx) {
  const editors = { nothing: () => [], one: one, many: many, two: two, span: span, days: days, months: months };
  return editors[ctx.takes]?.(ctx) ?? [];
}

function one(ctx) {
  const { family } = ctx.about;
  if (family === "number") return [numberInput(ctx, ctx.test.value, ctx.change, ctx.key), unit(ctx)];
  if (family === "time") return [dateInput(ctx, ctx.test.value, ctx.change, ctx.key)];
  return [tokens({ single: true, label: ctx.label, values: isFilled(ctx.test.value) ? [ctx.test.value] : [], key: ctx.key, suggest: suggestions(ctx), change: ([value]) => ctx.change(value ?? null) })];
}

function many(ctx) {
  const numbers = ctx.about.family === "number";
  const values = Array.isArray(ctx.test.value) ? ctx.test.value : [];
  return [tokens({ label: ctx.label, values, key: ctx.key, suggest: suggestions(ctx), change: ctx.change, ...(numbers ? { read: readNumber, show: showNumber } : {}) })];
}

function two(ctx) {
  const input = ctx.about.family === "time" ? dateInput : numberInput;
  const pair = Array.isArray(ctx.test.value) ? [...ctx.test.value] : [null, null];
  const change = (index) => (value) => {
    pair[index] = value;
    ctx.change([...pair]);
  };
  return [input(ctx, pair[0], change(0), ctx.key), el("span.rb-word", {}, t("and")), input(ctx, pair[1], change(1), `${ctx.key}2`), unit(ctx)];
}

function span(ctx) {
  const { n = null, unit: name = "days" } = ctx.test.value ?? {};
  const units = ctx.units.filter((item) => ctx.about.type !== "date" || !["minutes", "hours"].includes(item.name));
  return spanInputs(ctx, n, name, units, (value, chosen) => ctx.change({ n: value, unit: chosen }));
}

export function spanInputs(ctx, n, name, units, change) {
  let current = { n, name };
  const input = numberInput(ctx, n, (value) => change((current.n = Number.isInteger(value) && value >= 0 ? value : null), current.name), ctx.key);
  const select = chipSelect(t("Unit"), units.map((item) => [item.name, item.label]), name, (chosen) => change(current.n, (current.name = chosen)), `${ctx.key}-unit`);
  return [input, select];
}

function days(ctx) {
  const n = typeof ctx.test.value === "number" ? ctx.test.value : (ctx.test.value?.n ?? null);
  return [numberInput(ctx, n, (value) => ctx.change({ n: Number.isInteger(value) && value >= 0 ? value : null }), ctx.key), el("span.rb-word", {}, t("days"))];
}

function months(ctx) {
  const name = (month) => new Date(2024, month - 1, 1).toLocaleDateString(lang(), { month: "long" });
  const all = Array.from({ length: 12 }, (_, i) => ({ value: i + 1, label: name(i + 1) }));
  const values = Array.isArray(ctx.test.value) ? ctx.test.value : [ctx.test.value].filter(isFilled);
  return [tokens({ label: ctx.label, values, key: ctx.key, local: true, show: name, suggest: async () => all, change: (next) => ctx.change([...next].sort((a, b) => a - b)) })];
}

const isFilled = (value) => value !== null && value !== undefined && value !== "";

function numberInput(ctx, value, change, key) {
  const input = el("input.rb-input.rb-number", { type: "text", inputmode: "decimal", "aria-label": ctx.label, placeholder: "0", "data-key": key, autocomplete: "off" });
  const read = (text) => readNumber(text, ctx.about?.type === "integer");
  input.value = showNumber(value);
  const fit = () => (input.size = Math.max(3, Math.min(18, input.value.length + 1)));
  const wrong = () => input.setAttribute("aria-invalid", String(input.value.trim() !== "" && read(input.value) === null));
  input.addEventListener("input", () => {
    fit();
    wrong();
    change(read(input.value));
  });
  input.addEventListener("blur", () => {
    const number = read(input.value);
    if (number !== null) input.value = showNumber(number);
    fit();
  });
  fit();
  return input;
}

function dateInput(ctx, value, change, key) {
  const input = el("input.rb-input.rb-date", { type: "date", "aria-label": ctx.label, "data-key": key });
  input.value = typeof value === "string" ? value.slice(0, 10) : "";
  input.addEventListener("input", () => change(input.value || null));
  return input;
}

const unit = (ctx) => (ctx.about.currency && ctx.about.type === "money" ? el("span.rb-word", {}, ctx.about.currency) : "");

export function chipSelect(label, options, value, change, key, extra = "") {
  const select = el(`select.rb-select${extra}`, { "aria-label": label, "data-key": key }, ...options.map(([name, text]) => el("option", { value: name, selected: name === value }, text)));
  if (!options.some(([name]) => name === value)) select.prepend(el("option", { value: value ?? "", selected: true }, value ?? ""));
  select.addEventListener("change", () => change(select.value));
  return select;
}

function suggestions(ctx) {
  return async (query) => {
    if (!ctx.valuesUrl || !["text", "list"].includes(ctx.about.family) || !ctx.about.name) return [];
    const asked = new URLSearchParams({ attribute: ctx.about.name, table: ctx.table, q: query });
    return (await fetchJson(`${ctx.valuesUrl}?${asked}`)).values;
  };
}
