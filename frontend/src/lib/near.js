// Words that look alike: what somebody who mistyped a name may have meant.
const LEAST = 0.35; // of the pairs of letters that two words have, as many must be in both

function pairs(text) {
  const letters = ` ${text.replaceAll(/[\s_-]+/g, "")} `;
  return new Set([...letters].slice(0, -1).map((letter, i) => letter + letters[i + 1]));
}

// 0 to 1: the share of pairs of letters that both have (Dice, 1945).
function likeness(one, other) {
  const mine = pairs(one);
  const theirs = pairs(other);
  const both = [...mine].filter((pair) => theirs.has(pair)).length;
  return (2 * both) / (mine.size + theirs.size);
}

// The most similar of `items` first, at most `most`; `nameOf(item)` is compared with `text`, both in small letters.
export function nearest(text, items, nameOf, most) {
  const found = items.map((item) => ({ item, near: likeness(text, nameOf(item)) })).filter(({ near }) => near >= LEAST);
  return found.sort((a, b) => b.near - a.near).slice(0, most).map(({ item }) => item);
}
