// What a rule may speak of: attributes by table, related tables, segments, operators. Loaded once per page.
import { fetchJson, t } from "../../lib/dom.js";
import { isGroup, nodesOf } from "./model.js";

const NUMBERS = new Set(["integer", "number", "money"]);
const ORDERED = new Set([...NUMBERS, "date", "timestamp"]);
const SUITS = { sum: NUMBERS, average: NUMBERS, min: ORDERED, max: ORDERED };
const DEFAULT_OPERATOR = { text: "eq", number: "gt", boolean: "is_true", time: "in_last", list: "has" };
const loading = new Map();

export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const keyOf = (name) => name.normalize("NFKC").replace(/[\s_-]+/gu, "").toLowerCase();

export function load(url) {
  if (!loading.has(url))
    loading.set(
      url,
      fetchJson(url).then(
        (data) => new Catalog(data),
        (error) => {
          loading.delete(url);
          throw error;
        },
      ),
    );
  return loading.get(url);
}

export class Catalog {
  constructor(data) {
    Object.assign(this, data);
    this.byTable = new Map([...data.groups, ...data.related].map((group) => [group.name, group]));
    for (const group of this.byTable.values()) {
      group.byKey = new Map();
      for (const spelling of ["name", "label"])
        for (const attribute of group.attributes) if (!group.byKey.has(keyOf(attribute[spelling]))) group.byKey.set(keyOf(attribute[spelling]), attribute);
    }
  }

  // Of customers, or of one related table; undefined where the data has no such attribute (yet).
  attribute(name, table = "") {
    if (table) return this.table(table)?.byKey.get(keyOf(name));
    for (const group of this.groups) {
      const found = group.byKey.get(keyOf(name.startsWith(`${group.name}.`) ? name.slice(group.name.length + 1) : name));
      if (found) return found;
    }
    return undefined;
  }

  table(name) {
    return this.byTable.get(name) ?? this.related.find((group) => keyOf(group.label) === keyOf(name));
  }

  segment(slug) {
    return this.segments.find((segment) => segment.slug === slug);
  }

  operator(family, name) {
    return this.operators[family]?.find((operator) => operator.name === name);
  }

  columnsFor(fn, table) {
    const allowed = SUITS[fn];
    return (this.table(table)?.attributes ?? []).filter((attribute) => !allowed || allowed.has(attribute.type));
  }

  // What a related block compares: a column-like thing with type, family and currency.
  result(having, table) {
    const fn = functionOf(having);
    if (fn === "exists") return null;
    if (fn === "count") return { type: "integer", family: "number", label: t("number"), currency: "" };
    const column = this.attribute(having[fn], table);
    if (!column) return { type: "string", family: "text", label: having[fn], currency: "" };
    return fn === "average" && column.type === "integer" ? { ...column, type: "number" } : column;
  }

  newCondition(attribute) {
    return this.withOperator({ attribute: attribute.name }, attribute, DEFAULT_OPERATOR[attribute.family]);
  }

  // A test with another operator: keeps the value where the new operator takes one of the same kind.
  withOperator(test, about, name) {
    const before = this.operator(about.family, test.op)?.takes;
    const takes = this.operator(about.family, name)?.takes;
    const next = { ...test, op: name };
    if (takes === "nothing") delete next.value;
    else if (before !== takes) next.value = emptyValue(takes, before, test.value);
    return next;
  }

  newRelated(table, attribute = null) {
    const node = { related: table.name };
    if (!attribute) return node;
    if (NUMBERS.has(attribute.type)) node.having = { sum: attribute.name, op: "gt", value: null };
    else if (attribute.family === "time" && attribute.name === table.time) node.within = { last: 90, unit: "days" };
    else node.where = { all: [this.newCondition(attribute)] };
    return node;
  }

  isComplete(node, table = "") {
    if (isGroup(node)) return nodesOf(node).every((child) => this.isComplete(child, table));
    if ("segment" in node) return true;
    if ("related" in node) {
      const about = node.having ? this.result(node.having, node.related) : null;
      return (!about || this.hasValue(node.having, about)) && (!node.where || this.isComplete(node.where, node.related)) && isWindow(node.within);
    }
    const about = this.attribute(node.attribute, table);
    return !about || this.hasValue(node, about);
  }

  hasValue(test, about) {
    const takes = this.operator(about.family, test.op)?.takes;
    const { value } = test;
    if (takes === "nothing") return true;
    if (takes === "many" || takes === "months") return Array.isArray(value) && value.length > 0;
    if (takes === "two") return Array.isArray(value) && value.length === 2 && value.every(isFilled);
    if (takes === "span" || takes === "days") return Number.isInteger(value?.n);
    return isFilled(value);
  }
}

export const functionOf = (having) => ["exists", "count", "sum", "average", "min", "max", "first", "last"].find((fn) => having && fn in having) ?? "exists";

const isFilled = (value) => value !== null && value !== undefined && value !== "";
const isWindow = (within) => !within || Number.isInteger(within.last) || within.from || within.to;

function emptyValue(takes, before, value) {
  if (takes === "many") return before === "one" && isFilled(value) ? [value] : [];
  if (takes === "one") return before === "many" && value?.length ? value[0] : null;
  if (takes === "two") return before === "one" ? [value, null] : [null, null];
  if (takes === "span") return { n: 30, unit: "days" };
  if (takes === "days") return { n: 7 };
  return takes === "months" ? [new Date().getMonth() + 1] : null;
}
