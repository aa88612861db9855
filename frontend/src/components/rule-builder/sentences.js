// Conditions as sentences of chips. Each function returns elements; changes go through the builder.
import { el, icon, t } from "../../lib/dom.js";
import { keyOf } from "./model.js";
import { openPicker } from "./picker.js";
import { chipSelect, valueEditors } from "./values.js";

export function conditionSentence(builder, node, path, table) {
  const about = builder.catalog.attribute(node.attribute, table);
  const chip = attributeChip(about?.label ?? node.attribute, about ? "" : "exclamation-triangle", keyOf(path, "attribute"));
  chip.addEventListener("click", () =>
    openPicker(chip, builder.catalog, { table: builder.catalog.table(table), pick: (made) => builder.replaceNode(path, made, "value") }),
  );
  if (!about) return [chip, el("span.rb-unknown", {}, t("is not in the data (yet)"))];
  return [chip, ...testChips(builder, node, path, about, (change, options) => builder.change((rule, at) => change(at(path)), options), table)];
}

// Operator and value of a test; `update(fn, options)` applies a change to the object that holds them.
export function testChips(builder, test, path, about, update, table) {
  const { catalog } = builder;
  const operators = catalog.operators[about.family].map((operator) => [operator.name, operator.label]);
  const operator = chipSelect(
    t("Comparison"),
    operators,
    test.op,
    (name) => update((target) => replaceTest(target, catalog.withOperator(target, about, name)), { focus: keyOf(path, "value") }),
    keyOf(path, "operator"),
  );
  const key = keyOf(path, "value");
  const values = valueEditors({
    about,
    test,
    key,
    table,
    takes: catalog.operator(about.family, test.op)?.takes,
    label: `${about.label}: ${t("value")}`,
    valuesUrl: builder.valuesUrl,
    units: catalog.units,
    change: (value) => update((target) => (target.value = value), { quiet: true, merge: key }),
  });
  return [operator, ...values];
}

function replaceTest(target, next) {
  delete target.value;
  Object.assign(target, next);
}

export function segmentSentence(builder, node, path) {
  const segment = builder.catalog.segment(node.segment);
  const chip = attributeChip(segment?.name ?? node.segment, segment ? "bullseye" : "exclamation-triangle", keyOf(path, "attribute"));
  chip.addEventListener("click", () => openPicker(chip, builder.catalog, { only: (made) => "segment" in made, pick: (made) => builder.replaceNode(path, { ...node, ...made, is: node.is ?? "in" }) }));
  const options = [
    ["in", t("Is in the segment")],
    ["not_in", t("Is not in the segment")],
  ];
  const select = chipSelect(t("Membership"), options, node.is ?? "in", (value) => builder.change((rule, at) => (at(path).is = value)), keyOf(path, "operator"));
  return [select, chip, segment && !segment.live ? el("span.pill", {}, t("Draft")) : ""];
}

export function attributeChip(label, symbol, key) {
  return el("button.chip.rb-attribute", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", "data-key": key }, symbol ? icon(symbol) : "", label);
}
