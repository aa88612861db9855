"""How soon a page that keeps its own numbers (`components/live.html`) asks for them again."""

SOON_SECONDS = 5  # while something moves: people walk, mails wait
SELDOM_SECONDS = 30  # when only somebody's own doing can change the numbers, such as opening a mail


def seconds_until_next(*, moves: bool, can_move: bool = True) -> int:
    """0: never."""
    if moves:
        return SOON_SECONDS
    return SELDOM_SECONDS if can_move else 0
