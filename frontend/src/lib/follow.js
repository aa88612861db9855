// Makes what stands on the page equal to what the server says, with as few changes as possible.
const OWN = new Set(["open", "aria-expanded"]); // a person's own doing, which the server does not know

export function follow(now, next) {
  if (!sameKind(now, next)) now.replaceWith(document.adoptNode(next));
  else if (now.nodeType !== Node.ELEMENT_NODE) now.data !== next.data && (now.data = next.data);
  else {
    followAttributes(now, next);
    if (now.localName === "kindred-chart") now.renew?.();
    else followChildren(now, next);
  }
}

// Elements with ids of their own, and charts of other data, are others.
function sameKind(now, next) {
  if (now.nodeType !== next.nodeType || now.nodeName !== next.nodeName) return false;
  return now.nodeType !== Node.ELEMENT_NODE || (now.id === next.id && now.getAttribute("data") === next.getAttribute("data"));
}

function followAttributes(now, next) {
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name) && !OWN.has(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value && !OWN.has(name)) now.setAttribute(name, value);
}

function followChildren(now, next) {
  const coming = [...next.childNodes];
  for (const [index, node] of coming.entries()) {
    const stands = now.childNodes[index];
    if (stands) follow(stands, node);
    else now.append(document.adoptNode(node));
  }
  while (now.childNodes.length > coming.length) now.lastChild.remove();
}
