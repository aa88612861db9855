// The live column of the segment builder: count at once, then funnel and people. An older answer never replaces a newer one.
import "../components/rule-builder/index.js";
import { announce, debounce, el, fetchJson, percent, t } from "../lib/dom.js";

const live = document.getElementById("segment-live");
const builder = document.querySelector("kindred-rule-builder");
const words = document.querySelector("#segment-words span");
const name = `builder-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
const part = (key) => live.querySelector(`[data-${key}]`);
const lang = document.documentElement.lang;
const number = (value) => new Intl.NumberFormat(lang).format(value);

let sequence = 0;
let running = null;
let shown = 0;

async function ask(rule, parts, mine) {
  const body = { rule, parts, sequence: mine, builder: name };
  return fetchJson(live.dataset.countUrl, { method: "POST", body, signal: running.signal });
}

const say = debounce(900, (total) => announce(`${t("Customers who match now")}: ${number(total)}`));

function showCount(answer) {
  part("count").textContent = number(answer.total);
  part("share").textContent = t("%s of %s customers").replace("%s", percent(answer.share)).replace("%s", number(answer.of_all));
  part("bar").value = answer.share;
  words.textContent = answer.words;
  say(answer.total);
}

function showFunnel(blocks, ofAll) {
  part("funnel-box").hidden = blocks.length < 2;
  part("funnel").replaceChildren(
    ...blocks.map((block) =>
      el("li", {}, el("span.funnel-words", { title: `${block.words}. ${t("Alone")}: ${number(block.alone)}` }, block.words), el("div.funnel-line", {}, el("progress.bar", { max: String(ofAll || 1), value: String(block.left), "aria-hidden": "true" }), el("span.num", {}, number(block.left)))),
    ),
  );
}

const initials = (text) => text.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();

function showSample(people) {
  part("sample-box").hidden = !people.length;
  part("sample").replaceChildren(
    ...people.map((person) => {
      const label = person.name || person.email || person.id;
      const about = el("span.min-w-0", {}, label, person.name && person.email ? el("span.sample-mail", {}, person.email) : "");
      const url = live.dataset.customerUrl.replace("ID", encodeURIComponent(person.id));
      return el("li", {}, el(url ? "a.sample-person" : "span.sample-person", url ? { href: url } : {}, el("span.avatar.avatar-sm.avatar-1", { "aria-hidden": "true" }, initials(label)), about));
    }),
  );
}

function note(text, bad = false) {
  const box = part("note");
  box.hidden = !text;
  box.textContent = text;
  box.classList.toggle("text-danger", bad);
}

const busy = (on) => {
  live.classList.toggle("segment-waiting", on);
  part("busy").hidden = !on;
};

async function update(rule) {
  const mine = ++sequence;
  running?.abort();
  running = new AbortController();
  const slow = setTimeout(() => mine === sequence && busy(true), 150);
  try {
    const answer = await ask(rule, [], mine);
    if (mine < shown) return;
    shown = mine;
    note("");
    showCount(answer);
    more(rule, mine);
  } catch (error) {
    if (mine === sequence && error.name !== "AbortError" && error.data?.error?.code !== "superseded") refuse(error);
  } finally {
    clearTimeout(slow);
    if (mine === sequence) busy(false);
  }
}

const more = debounce(120, async (rule, mine) => {
  if (mine !== sequence) return;
  try {
    const answer = await ask(rule, ["funnel", "sample"], mine);
    if (mine !== sequence) return;
    showFunnel(answer.blocks, answer.of_all);
    showSample(answer.sample);
  } catch (error) {
    if (mine === sequence && error.name !== "AbortError" && error.data?.error?.code !== "superseded") note(error.message, true);
  }
});

function refuse(error) {
  const problem = error.data?.error;
  const placed = problem?.place && builder.showProblem(problem.place, problem.message);
  note(placed ? t("Look at the marked condition.") : error.message, true);
  part("count").textContent = "–";
  part("share").textContent = "";
  part("bar").value = 0;
}

const soon = debounce(60, update);
let last = "";

function changed({ rule, complete }) {
  const text = JSON.stringify(rule);
  if (!complete) {
    sequence += 1;
    running?.abort();
    busy(false);
    last = "";
    note(t("Complete the new condition to see the count."));
    live.classList.add("segment-waiting");
    return;
  }
  live.classList.remove("segment-waiting");
  if (text === last) return;
  last = text;
  soon(rule);
}

builder.addEventListener("rule:change", (event) => changed(event.detail));
if (builder.catalog) changed({ rule: builder.rule, complete: builder.complete });

// Nothing typed is lost by accident.
const form = document.getElementById("segment-form");
let saved = false;
let first = null;
builder.addEventListener("rule:change", (event) => (first ??= JSON.stringify(event.detail.rule)));
form.addEventListener("submit", () => (saved = true));
window.addEventListener("beforeunload", (event) => {
  if (!saved && first !== null && first !== JSON.stringify(builder.rule)) event.preventDefault();
});
