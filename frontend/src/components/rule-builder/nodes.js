// Draws groups and their rows. Each function returns elements; changes go through the builder.
import { el, icon, t } from "../../lib/dom.js";
import { isGroup, keyOf, modeOf, nodesOf, setMode } from "./model.js";
import { relatedSentence } from "./related.js";
import { conditionSentence, segmentSentence } from "./sentences.js";
import { chipSelect } from "./values.js";

const JOIN = () => ({ all: t("and"), any: t("or"), none: t("nor") });
const MODE_NAMES = (rows) => [
  ["all", rows ? t("all of these") : t("All of these are true")],
  ["any", rows ? t("any of these") : t("Any of these is true")],
  ["none", rows ? t("none of these") : t("None of these is true")],
];

export function groupBox(builder, group, path, table = "") {
  const inRows = path.at(-1) === "where";
  const mode = modeOf(group);
  const choose = (next) => builder.change((rule, at) => setMode(at(path), next));
  const select = chipSelect(t("How the conditions combine"), MODE_NAMES(inRows), mode, choose, keyOf(path, "mode"), ".rb-mode");
  const list = el("ol.rb-list", { "data-group": JSON.stringify(path) }, ...nodesOf(group).map((node, i) => row(builder, node, [...path, i], mode, table)));
  const head = el("div.rb-group-head", {}, inRows ? el("span.rb-word", {}, t("where")) : "", select);
  const label = MODE_NAMES(inRows).find(([name]) => name === mode)[1];
  return el(`div.rb-group.rb-${mode}`, { role: "group", "aria-label": label }, head, list, adders(builder, group, path, table, inRows));
}

function adders(builder, group, path, table, inRows) {
  const add = el("button.btn.btn-sm.btn-ghost.rb-add", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", "data-key": keyOf(path, "add") }, icon("plus-lg"), t("Add condition"));
  add.addEventListener("click", () => builder.pickInto(add, path, nodesOf(group).length, table));
  const addGroup = el("button.btn.btn-sm.btn-ghost", { type: "button", "data-key": keyOf(path, "add-group") }, icon("folder-plus"), t("Add group"));
  addGroup.addEventListener("click", () => builder.insertNode(path, nodesOf(group).length, { [modeOf(group) === "any" ? "all" : "any"]: [] }, "add"));
  return el("div.rb-adders", {}, add, inRows && nodesOf(group).length < 2 ? "" : addGroup);
}

function row(builder, node, path, mode, table) {
  const body = el("div.rb-body", {}, ...content(builder, node, path, table));
  const joint = path.at(-1) > 0 ? el("span.rb-joint", { "aria-hidden": "true" }, JOIN()[mode]) : el("span.rb-joint");
  const kind = isGroup(node) ? "group" : "related" in node ? "related" : "segment" in node ? "segment" : "condition";
  return el(`li.rb-row.rb-row-${kind}`, { "data-path": JSON.stringify(path), "data-place": builder.place(path) }, joint, el("div.rb-card", {}, handle(path), body, menu(builder, node, path)), el("p.rb-problem", { hidden: true, role: "alert" }));
}

function content(builder, node, path, table) {
  if (isGroup(node)) return [groupBox(builder, node, path, table)];
  if ("related" in node) return relatedSentence(builder, node, path, groupBox);
  if ("segment" in node) return segmentSentence(builder, node, path);
  return conditionSentence(builder, node, path, table);
}

function handle(path) {
  const label = t("Move. Press Alt and an arrow key, or drag.");
  return el("button.rb-handle", { type: "button", draggable: "true", "aria-label": label, title: label, "data-key": keyOf(path, "handle") }, icon("grip-vertical"));
}

function menu(builder, node, path) {
  const entries = [
    ["copy", t("Duplicate"), () => builder.duplicate(path)],
    ["arrow-up", t("Move up"), () => builder.nudge(path, -1)],
    ["arrow-down", t("Move down"), () => builder.nudge(path, 1)],
    isGroup(node) ? ["folder-minus", t("Take out of the group"), () => builder.unwrap(path)] : ["folder-plus", t("Put into a group"), () => builder.wrap(path)],
  ];
  const items = entries.map(([symbol, label, run]) => {
    const item = el("button.dropdown-item", { type: "button" }, icon(symbol), label);
    item.addEventListener("click", run);
    return el("li", {}, item);
  });
  const more = el("button.btn.btn-ghost.btn-icon.btn-sm", { type: "button", "data-bs-toggle": "dropdown", "aria-expanded": "false", "aria-label": t("More actions"), "data-key": keyOf(path, "menu") }, icon("three-dots"));
  const removal = el("button.btn.btn-ghost.btn-icon.btn-sm", { type: "button", "aria-label": t("Remove"), title: t("Remove"), "data-key": keyOf(path, "remove") }, icon("x-lg"));
  removal.addEventListener("click", () => builder.removeNode(path));
  return el("div.rb-actions", {}, el("div.dropdown", {}, more, el("ul.dropdown-menu.dropdown-menu-end", {}, ...items)), removal);
}
