"""
How the demo bank's year keeps the PINs and passwords of the people who are made in it.

A year types thousands of PINs. A hash tells by itself how much work it was; the first time that
somebody types such a PIN or password at a page, it is kept with the usual work.
"""

from django.conf import settings
from django.contrib.auth import hashers


class LessWork(hashers.Argon2PasswordHasher):
    """Argon2id with the least work."""

    time_cost, memory_cost, parallelism = 1, 8, 1


def use_less_work() -> None:
    """This will let this process, and no other, keep new PINs and passwords with less work."""
    settings.PASSWORD_HASHERS = ["branch.demo.hashers.LessWork", *settings.PASSWORD_HASHERS]
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()
