"""What a browser says of a page as it stands: its texts, and what does not fit."""

# All texts that can be seen or are read out, but code, and times, which the locale writes.
VISIBLE = """() => {
    const kept = "script, style, noscript, template, code, pre, time, .cm-editor";
    const shown = (node) => node && !node.closest(kept) && node.checkVisibility();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) {
        if (shown(walker.currentNode.parentElement)) texts.push(walker.currentNode.textContent.trim());
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        for (const node of document.querySelectorAll(`[${name}]`)) if (shown(node)) texts.push(node.getAttribute(name));
    }
    return texts;
}"""
# One line for each fault: the page is wider than the window, a text is cut without an ellipsis or spills over.
# The canvas of a journey is moved about, not cut.
BROKEN = """() => {
    const frames = ".btn, .pill, .tab, .chip, .tile, .card, .notice, .dropdown-item";
    const style = (node) => getComputedStyle(node);
    const said = (node) => `${node.tagName.toLowerCase()}.${node.className}: ${node.textContent.trim().slice(0, 40)}`;
    const shown = (node) => node.clientWidth > 1 && node.checkVisibility({ visibilityProperty: true });
    const full = [...document.querySelectorAll("body *")].filter((node) => node instanceof HTMLElement
        && node.scrollWidth > node.clientWidth + 1 && shown(node) && node.textContent.trim());
    const isHidden = (node) => ["hidden", "clip"].includes(style(node).overflowX) && !node.matches(".j-sizer");
    const isCut = (node) => isHidden(node) && style(node).textOverflow !== "ellipsis";
    const isSpilt = (node) => node.matches(frames) && style(node).overflowX === "visible";
    return [
        ...(document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : []),
        ...full.filter(isCut).map((node) => `cuts ${said(node)}`),
        ...full.filter(isSpilt).map((node) => `spills out of ${said(node)}`),
    ];
}"""
