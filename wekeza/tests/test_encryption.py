"""
The key ring (G22): AES-256-GCM for fields and files, checked against the library's own primitives
and a published key derivation, and never readable when a bit is wrong.
"""

import base64
import itertools

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection, transaction

from accounts.customers.models import Customer
from accounts.factories import PASSWORD, CustomerFactory, UserFactory
from accounts.notifications.models import Message
from wekeza.kit import encryption
from wekeza.kit.encryption import Undecipherable, decrypt, encrypt

KEY = bytes(range(32))
OLD = bytes(range(32, 64))
CONTEXT = "test.column"


@pytest.fixture
def ring(settings):
    def put(*keys):
        settings.WEKEZA_KEYS = ",".join(
            f"{name}:{base64.b64encode(key).decode()}" for name, key in keys
        )

    put(("new", KEY), ("old", OLD))
    return put


def parts(value):
    key_id, _, body = value.partition(":")
    sealed = base64.b64decode(body)
    return key_id, sealed[:12], sealed[12:]


class TestAValue:
    @pytest.mark.proves("SE20")
    def test_is_aes_256_gcm_under_a_derived_key(self, ring):
        """Opened here by the primitives: 256-bit key, 96-bit nonce, column and key id bound."""
        key_id, nonce, sealed = parts(encrypt("31204417", context=CONTEXT))
        derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"wekeza field").derive(KEY)

        assert len(derived) * 8 == 256 and len(nonce) == 12
        opened = AESGCM(derived).decrypt(nonce, sealed, f"{CONTEXT}|{key_id}".encode())
        assert opened == b"31204417"

    def test_is_another_every_time(self, ring):
        sealed = {encrypt("31204417", context=CONTEXT) for _ in range(500)}
        nonces = {parts(value)[1] for value in sealed}

        assert len(sealed) == len(nonces) == 500

    @pytest.mark.proves("SE05")
    def test_with_any_bit_turned_does_not_open(self, ring):
        value = encrypt("0722000418", context=CONTEXT)
        body = bytearray(base64.b64decode(value.partition(":")[2]))

        for place, bit in itertools.product(range(len(body)), (1, 128)):
            body[place] ^= bit
            wrong = f"new:{base64.b64encode(bytes(body)).decode()}"
            with pytest.raises(Undecipherable):
                decrypt(wrong, context=CONTEXT)
            body[place] ^= bit
        assert decrypt(value, context=CONTEXT) == "0722000418"

    @pytest.mark.parametrize(
        "harm",
        [
            lambda value: value[:-4],
            lambda value: value.replace("new:", "old:"),
            lambda value: value.replace("new:", "gone:"),
            lambda value: "new:" + "A" * 8,
            lambda value: "new:no base64 at all",
        ],
        ids=["cut", "other key", "lost key", "too short", "no base64"],
    )
    def test_that_was_harmed_does_not_open(self, ring, harm):
        with pytest.raises(Undecipherable):
            decrypt(harm(encrypt("secret", context=CONTEXT)), context=CONTEXT)

    def test_moved_to_another_column_does_not_open(self, ring):
        with pytest.raises(Undecipherable):
            decrypt(encrypt("secret", context=CONTEXT), context="other.column")

    def test_of_an_older_key_opens_and_newer_ones_use_the_first(self, ring):
        ring(("old", OLD))
        before = encrypt("secret", context=CONTEXT)
        index = encryption.blind_index("31204417", context=CONTEXT)

        ring(("new", KEY), ("old", OLD))

        assert decrypt(before, context=CONTEXT) == "secret"
        assert encrypt("secret", context=CONTEXT).startswith("new:")
        assert encryption.blind_index("31204417", context=CONTEXT) == index


@pytest.mark.django_db
class TestTheTables:
    """What a thief of the database would read."""

    def whole_rows(self, table, pk):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {table} t WHERE id = %s", [pk])
            return cursor.fetchone()[0]

    @pytest.mark.proves("IA36", "SE05")
    def test_hold_no_password_phone_or_id_that_can_be_read(self):
        customer = CustomerFactory(user__phone="+254712998877", national_id="39887766")

        login = self.whole_rows("accounts_user", customer.user.pk)
        party = self.whole_rows("accounts_customer", customer.pk)

        assert PASSWORD not in login and "argon2id" in login
        assert "712998877" not in login + party and "39887766" not in login + party

    @pytest.mark.parametrize("column", ["recipient", "subject", "body"])
    def test_give_nothing_to_a_row_that_a_value_was_moved_to(self, column):
        """Bound to its row too: whoever swaps two values of one column reads neither."""
        mine, theirs = (
            Message.objects.create(
                channel="SMS", kind="test", recipient="0722", subject="A", body=word
            )
            for word in ("mine", "theirs")
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE accounts_message m SET {column} = other.{column} "  # noqa: S608
                "FROM accounts_message other WHERE m.id = %s AND other.id = %s",
                [mine.pk, theirs.pk],
            )
        moved = Message.objects.get(pk=mine.pk)

        with pytest.raises(Undecipherable):
            getattr(moved, column)
        assert getattr(Message.objects.get(pk=theirs.pk), column)

    def test_are_never_written_without_the_row(self):
        customer = CustomerFactory(national_id="39887767")

        with pytest.raises(TypeError, match="save the row"), transaction.atomic():
            Customer.objects.filter(pk=customer.pk).update(national_id="39887768")
        sealed = Customer.objects.values_list("national_id", flat=True).get(pk=customer.pk)
        assert "39887767" not in sealed
        assert Customer.objects.get(pk=customer.pk).national_id == "39887767"

    def test_give_two_of_the_same_phone_different_texts(self):
        first = UserFactory(phone="+254712998801")
        text = self.whole_rows("accounts_user", first.pk)

        first.phone = "+254712998801"
        first.save(update_fields=["phone"])
        assert self.whole_rows("accounts_user", first.pk) != text
