"""What a person does who has a keyboard and nothing else."""

from playwright.sync_api import Locator, Page

MOST_STEPS = 150


def tab_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Presses Tab until the target has the focus, as it stands then. Raises AssertionError when it is never reached."""
    for _step in range(MOST_STEPS):
        if target.count() and target.first.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def press(page: Page, target: Locator, key: str = "Enter", *, back: bool = False) -> None:
    """Goes to the target and presses a key on it."""
    tab_to(page, target, back=back)
    page.keyboard.press(key)
