"""
How allauth's client knows an app's keys: its `secret` holds the digests of all that are valid, each
with the second in which it ends, so that an old and a new key overlap.

Keys are 256 random bits, so one keyed hash is enough; nothing here is slow on purpose.
"""

from django.contrib.auth.hashers import BasePasswordHasher
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from wekeza.kit.encryption import blind_index

FOR_EVER = "-"


def digest_of(secret: str) -> str:
    """This will give the keyed hash under which a key is kept."""
    return blind_index(secret, context="partner.key")


def encoded(keys) -> str:
    """This will put the keys of an app, (digest, ends at or None), into one text of its client."""
    parts = [f"{digest}:{int(end.timestamp()) if end else FOR_EVER}" for digest, end in keys]
    return "$".join([PartnerKeyHasher.algorithm, *parts])


class PartnerKeyHasher(BasePasswordHasher):
    """Django's door for it: allauth asks `check_password(secret, client.secret)`."""

    algorithm = "partner_keys"

    def salt(self):
        return ""

    def decode(self, encoded):
        _name, *parts = encoded.split("$")
        keys = [part.partition(":") for part in parts if part]
        return {"algorithm": self.algorithm, "keys": [(digest, end) for digest, _, end in keys]}

    def verify(self, password, encoded):
        given, now = digest_of(password), timezone.now().timestamp()
        passed = False
        for digest, end in self.decode(encoded)["keys"]:
            is_valid = end == FOR_EVER or now < int(end)
            passed |= constant_time_compare(digest, given) and is_valid
        return passed

    def must_update(self, encoded):
        return False

    def harden_runtime(self, password, encoded):
        """Nothing leaks by time: every comparison is one keyed hash."""
