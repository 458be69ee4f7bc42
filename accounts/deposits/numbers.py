"""
Account numbers: 13 digits `BBB PP SSSSSSS C`: branch, product, serial and a check digit.

The check digit is Luhn's over the first twelve (ISO/IEC 7812-1, annex B), so that one wrong digit
and nearly every swap of neighbours is noticed before a name is looked up.
"""

import re

LENGTH = 13
_GAPS = re.compile(r"[\s.\-]+")


def account_number(*, branch: str, product: str, serial: int) -> str:
    """This will write the number of a serial; the serial has at most seven digits."""
    body = f"{branch:0>3}{product:0>2}{serial:07d}"
    if len(body) != LENGTH - 1:
        raise ValueError(f"{branch}, {product} and {serial} make no account number")
    return body + check_digit(body)


def check_digit(digits: str) -> str:
    """This will give the digit that completes a row of digits by Luhn's rule."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def without_gaps(text: str) -> str:
    """This will drop the spaces, dots and dashes that people put between digits."""
    return _GAPS.sub("", text)


def looks_like_one(text: str) -> bool:
    """This will tell whether a text is 13 ASCII digits, right or wrong."""
    return len(text) == LENGTH and text.isascii() and text.isdigit()


def is_valid(number: str) -> bool:
    """This will tell whether a text is an account number whose check digit fits."""
    return looks_like_one(number) and check_digit(number[:-1]) == number[-1]
