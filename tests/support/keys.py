"""What a person does who has a keyboard and nothing else."""

from playwright.sync_api import Locator, Page

MOST_STEPS = 150
# An outline on what has the focus, on what surrounds it closely, as the frame of an editor, or on what it shows.
IS_SEEN = """() => {
    const focused = document.activeElement, around = [focused.parentElement, focused.parentElement?.parentElement];
    return [focused, ...around, ...focused.children].filter(Boolean).map((node) => getComputedStyle(node))
        .some((look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth));
}"""


def tab_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Presses Tab until the target has the focus, as it stands then. Raises AssertionError when it is never reached, or
    when nothing shows that it has the focus."""
    for _step in range(MOST_STEPS):
        if target.count() and target.first.evaluate("node => node === document.activeElement"):
            assert page.evaluate(IS_SEEN), f"nothing shows that {target} has the focus"
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def press(page: Page, target: Locator, key: str = "Enter", *, back: bool = False) -> None:
    """Goes to the target and presses a key on it."""
    tab_to(page, target, back=back)
    page.keyboard.press(key)


def choose(page: Page, target: Locator, words: str, *, back: bool = False) -> None:
    """Goes to a select and types the beginning of an entry."""
    tab_to(page, target, back=back)
    page.keyboard.type(words)
