// Related blocks: "Orders · total of Total · is more than · 100 · in the last · 90 days", with conditions on the rows.
import { el, icon, t } from "../../lib/dom.js";
import { functionOf } from "./catalog.js";
import { keyOf } from "./model.js";
import { openPicker } from "./picker.js";
import { attributeChip, testChips } from "./sentences.js";
import { chipSelect, spanInputs } from "./values.js";

const edit = (builder, path, options) => (change) => builder.change((rule, at) => change(at(path)), options);

export function relatedSentence(builder, node, path, groupBox) {
  const table = builder.catalog.table(node.related);
  const chip = attributeChip(table?.label ?? node.related, table ? "collection" : "exclamation-triangle", keyOf(path, "attribute"));
  chip.addEventListener("click", () => openPicker(chip, builder.catalog, { only: (made) => "related" in made && !made.having && !made.where && !made.within, pick: (made) => builder.replaceNode(path, made) }));
  if (!table) return [chip, el("span.rb-unknown", {}, t("is not in the data (yet)"))];
  const first = el("div.rb-line", {}, chip, ...havingChips(builder, node, path), ...windowChips(builder, node, path, table));
  if (node.where) return [first, groupBox(builder, node.where, [...path, "where"], node.related)];
  const add = el("button.btn.btn-sm.btn-ghost.rb-add", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", "data-key": keyOf([...path, "where"], "add") }, icon("funnel"), t("Only some of them"));
  add.addEventListener("click", () => builder.pickInto(add, [...path, "where"], 0, node.related));
  return [first, add];
}

function havingChips(builder, node, path) {
  const { catalog } = builder;
  const fn = functionOf(node.having);
  const value = fn === "exists" && node.having?.exists === false ? "none" : fn;
  const options = catalog.functions.filter((item) => item.name === "exists" || item.name === "count" || catalog.columnsFor(item.name, node.related).length).flatMap((item) => (item.name === "exists" ? [["exists", item.label], ["none", t("none")]] : [[item.name, item.label]]));
  const choose = (name) => edit(builder, path, { focus: keyOf(path, name === "exists" || name === "none" ? "function" : "value") })((target) => setFunction(target, name, catalog));
  const chips = [chipSelect(t("What is looked at"), options, value, choose, keyOf(path, "function"))];
  if (fn === "exists") return chips;
  if (fn !== "count") chips.push(columnChip(builder, node, path, fn));
  const about = catalog.result(node.having, node.related);
  const update = (change, settings) => builder.change((rule, at) => change(at(path).having), settings);
  return [...chips, ...testChips(builder, node.having, path, about, update, node.related)];
}

function setFunction(target, name, catalog) {
  if (name === "exists" || name === "none") {
    if (name === "exists") delete target.having;
    else target.having = { exists: false };
    return;
  }
  const before = target.having ?? {};
  const columns = catalog.columnsFor(name, target.related);
  const column = name === "count" ? true : (columns.find((item) => item.name === before[functionOf(before)]) ?? columns.find((item) => item.type === "money") ?? columns[0]).name;
  const having = { [name]: column };
  const about = catalog.result(having, target.related);
  const kept = catalog.operator(about.family, before.op) ? before : catalog.newCondition({ ...about, name: "" });
  target.having = { ...having, op: kept.op, ...("value" in kept ? { value: kept.value } : {}) };
}

function columnChip(builder, node, path, fn) {
  const options = builder.catalog.columnsFor(fn, node.related).map((item) => [item.name, item.label]);
  const current = builder.catalog.attribute(node.having[fn], node.related)?.name ?? node.having[fn];
  const choose = (name) => edit(builder, path)((target) => {
    const about = builder.catalog.attribute(name, node.related);
    const before = builder.catalog.result(target.having, node.related);
    target.having[fn] = name;
    if (about.family !== before?.family) {
      const fresh = builder.catalog.newCondition(about);
      target.having = { [fn]: name, op: fresh.op, ...("value" in fresh ? { value: fresh.value } : {}) };
    }
  });
  return chipSelect(t("Column"), options, current, choose, keyOf(path, "column"));
}

function windowChips(builder, node, path, table) {
  if (!table.time) return [];
  const { within } = node;
  const kind = !within ? "any" : within.last !== undefined ? "last" : "between";
  const options = [
    ["any", t("at any time")],
    ["last", t("in the last")],
    ["between", t("between days")],
  ];
  const choose = (name) => edit(builder, path)((target) => {
    if (name === "any") delete target.within;
    else target.within = { ...(within?.column ? { column: within.column } : {}), ...(name === "last" ? { last: 90, unit: "days" } : { from: new Date().toISOString().slice(0, 10) }) };
  });
  const chips = [chipSelect(t("When"), options, kind, choose, keyOf(path, "when"))];
  if (kind === "last") {
    const change = (n, unit) => edit(builder, path, { quiet: true, merge: keyOf(path, "window") })((target) => Object.assign(target.within, { last: n, unit }));
    chips.push(...spanInputs({ about: {}, label: t("How long"), key: keyOf(path, "window") }, within.last, within.unit ?? "days", builder.catalog.units, change));
  }
  if (kind === "between") chips.push(day(builder, path, within, "from", t("From")), el("span.rb-word", {}, t("and")), day(builder, path, within, "to", t("To")));
  return kind === "any" ? chips : [...chips, ...timeColumn(builder, node, path, table)];
}

function timeColumn(builder, node, path, table) {
  const times = table.attributes.filter((item) => item.family === "time");
  if (times.length < 2) return [];
  const current = node.within.column ?? table.time;
  const choose = (name) => edit(builder, path)((target) => (target.within.column = name));
  return [el("span.rb-word", {}, t("by")), chipSelect(t("Which time"), times.map((item) => [item.name, item.label]), current, choose, keyOf(path, "time"))];
}

function day(builder, path, within, end, label) {
  const input = el("input.rb-input.rb-date", { type: "date", "aria-label": label, "data-key": keyOf(path, end) });
  input.value = within[end] ?? "";
  input.addEventListener("input", () =>
    edit(builder, path, { quiet: true, merge: keyOf(path, end) })((target) => {
      if (input.value) target.within[end] = input.value;
      else delete target.within[end];
    }),
  );
  return input;
}
