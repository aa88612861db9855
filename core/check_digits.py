"""Check digits of numbers that people and systems write down."""


def has_check_digit(digits: str) -> bool:
    """Whether the last of these decimal digits checks the others, by Luhn's algorithm (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (2 - n % 2) for n, digit in enumerate(reversed(digits), 1))
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0
