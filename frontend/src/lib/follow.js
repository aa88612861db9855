// Makes what stands on the page equal to what the server says, with as few changes as possible. Rows and elements with an
// id stay who they are when others come before them or go, so that what has the focus, or is scrolled, keeps it.
const OWN = new Set(["open", "aria-expanded"]); // a person's own doing, which the server does not know
const OWN_CLASSES = ["row-here", "row-picked"];

export function follow(now, next) {
  if (!sameKind(now, next)) {
    place(next, now.parentNode, now);
    now.remove();
  } else if (now.nodeType !== Node.ELEMENT_NODE) now.data !== next.data && (now.data = next.data);
  else {
    followAttributes(now, next);
    if (now.localName === "kindred-chart") now.renew?.();
    else followChildren(now, next);
  }
}

const keyOf = (node) => node?.dataset?.row || node?.id || "";

// Elements of other rows or ids, and charts of other data, are others.
function sameKind(now, next) {
  if (now.nodeType !== next.nodeType || now.nodeName !== next.nodeName) return false;
  return now.nodeType !== Node.ELEMENT_NODE || (keyOf(now) === keyOf(next) && now.getAttribute("data") === next.getAttribute("data"));
}

function followAttributes(now, next) {
  for (const name of OWN_CLASSES) if (now.classList.contains(name)) next.classList.add(name);
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name) && !OWN.has(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value && !OWN.has(name)) now.setAttribute(name, value);
}

function followChildren(now, next) {
  const coming = [...next.childNodes];
  const wanted = new Set(coming.map(keyOf));
  for (const child of [...now.children]) if (!wanted.has(keyOf(child))) child.remove();
  const known = new Map([...now.children].filter(keyOf).map((child) => [keyOf(child), child]));
  for (const [index, node] of coming.entries()) {
    const same = known.get(keyOf(node));
    while (same && now.childNodes[index] !== same && !keyOf(now.childNodes[index])) now.childNodes[index].remove();
    const stands = now.childNodes[index] ?? null;
    if (same && same !== stands) now.insertBefore(same, stands);
    if (same) follow(same, node);
    else if (stands && !keyOf(stands)) follow(stands, node);
    else place(node, now, stands);
  }
  while (now.childNodes.length > coming.length) now.lastChild.remove();
}

function place(node, parent, before) {
  parent.insertBefore(document.adoptNode(node), before);
  if (node.nodeType === Node.ELEMENT_NODE) window.htmx?.process(node);
}
