"""A passkey signs one intent, once, within two minutes; everything else is refused by name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.access import passkeys, signing
from accounts.access.models import Challenge
from accounts.access.refusals import CodeLocked
from accounts.access.tests.keys import HOST, SoftKey, give_key
from accounts.factories import CustomerFactory, actor_of
from ledger.controls.models import AuditEntry

INTENT, DIGEST = "payments.transfer:one", "d" * 64
NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def user():
    return CustomerFactory().user


@pytest.fixture
def key(user):
    return give_key(user)


def ask(user, *, intent=INTENT, digest=DIGEST, at=NOW):
    return signing.ask(user, intent=intent, intent_digest=digest, host=HOST, at=at)


def accept(user, credential, *, intent=INTENT, digest=DIGEST, at=NOW):
    signing.accept(
        user,
        credential=credential,
        intent=intent,
        intent_digest=digest,
        host=HOST,
        at=at,
        actor=actor_of(user.customer),
    )


@pytest.mark.django_db
class TestAsk:
    def test_names_the_persons_keys_and_wants_them_verified(self, user, key):
        asked = ask(user)["publicKey"]

        assert asked["userVerification"] == "required"
        assert len(asked["allowCredentials"]) == 1
        assert asked["timeout"] == 120_000
        assert ask(user)["publicKey"]["challenge"] != asked["challenge"]

    def test_leaves_a_texted_code_of_the_same_intent_good(self, user, key):
        from accounts.access import challenges, queries

        facts = {"user": user, "purpose": "TRANSFER", "intent": INTENT, "intent_digest": DIGEST}
        texts = {"amount": "1", "payee": "G", "payer": "J", "to": "x", "fee": "0"}
        code = challenges.issue(**facts, text_facts=texts, at=NOW)

        ask(user)

        assert queries.open_challenge(intent=INTENT, user=user) == code
        code.refresh_from_db()
        assert code.state == Challenge.State.OPEN

    def test_refuses_who_has_no_passkey(self, user):
        with pytest.raises(passkeys.UnknownPasskey):
            ask(user)

    def test_refuses_while_too_many_wrong_codes_keep_everything_off(self, user, key):
        lock(user)

        with pytest.raises(CodeLocked):
            ask(user)


@pytest.mark.django_db
class TestAccept:
    def test_takes_it_once_and_writes_it_down(self, user, key):
        credential = key.signed(ask(user))

        accept(user, credential, at=NOW + timedelta(seconds=119))

        question = Challenge.objects.get(user=user, channel="KEY")
        assert question.state == Challenge.State.PASSED
        assert AuditEntry.objects.filter(deed="access.passkey_passed").count() == 1
        with pytest.raises(signing.SignedBefore):
            accept(user, credential)

    def test_refuses_after_two_minutes(self, user, key):
        credential = key.signed(ask(user))

        with pytest.raises(signing.SignedTooLate):
            accept(user, credential, at=NOW + timedelta(minutes=2))
        with pytest.raises(signing.SignedBefore):  # Whatever the answer, the question is over.
            accept(user, credential)

    def test_refuses_what_was_signed_for_another_intent(self, user, key):
        credential = key.signed(ask(user))
        ask(user, intent="payments.transfer:two")

        with pytest.raises(signing.SignedSomethingElse):
            accept(user, credential, intent="payments.transfer:two")

    def test_refuses_what_was_signed_under_other_details(self, user, key):
        credential = key.signed(ask(user))

        with pytest.raises(signing.SignedSomethingElse):
            accept(user, credential, digest="e" * 64)

    def test_refuses_an_older_question_than_the_last(self, user, key):
        credential = key.signed(ask(user))
        ask(user)

        with pytest.raises(signing.SignedBefore):
            accept(user, credential)

    def test_refuses_an_unknown_key(self, user, key):
        credential = SoftKey(user_handle=key.user_handle).signed(ask(user))

        with pytest.raises(passkeys.UnknownPasskey):
            accept(user, credential)

    def test_refuses_a_key_of_the_same_name_that_is_another(self, user, key):
        thief = SoftKey(key_id=key.key_id, user_handle=key.user_handle)

        with pytest.raises(passkeys.WrongPasskey):
            accept(user, thief.signed(ask(user)))

    def test_refuses_one_whose_holder_was_not_verified(self, user, key):
        key.is_verified = False

        with pytest.raises(passkeys.HolderNotVerified):
            accept(user, key.signed(ask(user)))

    def test_refuses_a_page_of_somebody_else(self, user, key):
        key.origin = "https://wekeza.example"

        with pytest.raises(passkeys.WrongPasskey):
            accept(user, key.signed(ask(user)))

    def test_refuses_what_another_login_was_asked(self, user, key):
        other = CustomerFactory().user
        theirs = give_key(other)

        with pytest.raises(passkeys.WrongPasskey):
            accept(user, theirs.signed(ask(other)))

    @pytest.mark.parametrize("credential", ["", "x", "1", "[]", "{}", '{"response": 1}', "null"])
    def test_refuses_what_is_no_signature(self, user, key, credential):
        ask(user)

        with pytest.raises(passkeys.WrongPasskey):
            accept(user, credential)

    def test_refuses_while_too_many_wrong_codes_keep_everything_off(self, user, key):
        credential = key.signed(ask(user))
        lock(user)

        with pytest.raises(CodeLocked):
            accept(user, credential)


@pytest.mark.django_db
class TestTheCountOfSignatures:
    def test_grows_with_each(self, user, key):
        for counter in (1, 2, 7):
            key.counter = counter
            accept(user, key.signed(ask(user)))

    @pytest.mark.parametrize("counter", [0, 4, 5])
    def test_of_a_copy_does_not_and_is_refused(self, user, key, counter):
        key.counter = 5
        accept(user, key.signed(ask(user)))

        key.counter = counter
        with pytest.raises(passkeys.PasskeyCopied):
            accept(user, key.signed(ask(user)))

    def test_of_a_key_that_does_not_count_stays_at_nought(self, user, key):
        accept(user, key.signed(ask(user)))
        accept(user, key.signed(ask(user)))


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_one_signature_that_comes_eight_times_is_taken_once(self, user, key):
        credential = key.signed(ask(user))
        together = Barrier(8)

        def press(_):
            together.wait(timeout=30)
            try:
                accept(user, credential)
                return "taken"
            except signing.SignedBefore:
                return "used"
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            outcomes = sorted(pool.map(press, range(8)))

        assert outcomes == ["taken"] + ["used"] * 7


def lock(user):
    Challenge.objects.create(
        user=user,
        purpose="TRANSFER",
        intent="another",
        intent_digest=DIGEST,
        code_hash="x",
        state="LOCKED",
        sent_at=NOW,
        expires_at=NOW,
        locked_until=NOW + timedelta(minutes=30),
    )
