from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.access import challenges, pins
from accounts.access.models import Challenge
from accounts.access.refusals import (
    CodeExpired,
    CodeForOtherIntent,
    CodeLocked,
    CodeReplaced,
    CodeTooSoon,
    WrongCode,
)
from accounts.access.tests.steps import code_in, newest
from accounts.factories import PIN, CustomerFactory
from ledger.controls.models import AuditEntry
from ledger.money import kes
from wekeza.kit.actor import Actor

NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # 12:00 in Nairobi.
DIGEST, OTHER_DIGEST = "a" * 64, "b" * 64
FACTS = {
    "amount": kes("12500"),
    "payee": "Grace W.",
    "to": "0722•••418",
    "fee": kes("0"),
}
AMINA = Actor("CUSTOMER", "1")
WRONG = "000000"


@pytest.fixture
def user(db):
    return CustomerFactory().user


def issue(user, *, intent="payments.transfer:7", digest=DIGEST, at=NOON):
    return challenges.issue(
        user=user,
        purpose="TRANSFER",
        intent=intent,
        intent_digest=digest,
        text_facts=FACTS,
        at=at,
    )


def verify(challenge, code, *, digest=DIGEST, at=NOON):
    challenges.verify(challenge, code=code, intent_digest=digest, at=at, actor=AMINA)


def code_of(challenge):
    code = code_in("code_transfer")
    return code if code != WRONG else pytest.skip("one in a million")


class TestIssue:
    @pytest.mark.proves("MV36")
    def test_texts_amount_and_payee_with_the_code(self, user):
        issue(user)

        text = newest("code_transfer")
        assert text.recipient == user.phone
        assert "send KES 12,500.00 to Grace W. 0722***418, fee KES 0.00." in text.body
        assert text.body.isascii()
        assert "Never share this code" in text.body

    def test_keeps_no_code_that_can_be_read(self, user):
        challenge = issue(user)

        assert code_in("code_transfer") not in challenge.code_hash
        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM accounts_message ORDER BY id DESC LIMIT 1")
            assert code_in("code_transfer") not in cursor.fetchone()[0]

    def test_refuses_another_within_a_minute(self, user):
        issue(user)

        with pytest.raises(CodeTooSoon) as refused:
            issue(user, at=NOON + timedelta(seconds=59))
        assert str(refused.value) == (
            "We sent a code just now. You can ask for another in 1 seconds."
        )

    def test_replaces_the_older_code_after_a_minute(self, user):
        first = issue(user)
        old_code = code_in("code_transfer")
        second = issue(user, at=NOON + timedelta(seconds=60))

        with pytest.raises(CodeReplaced):
            verify(first, old_code, at=NOON + timedelta(seconds=61))
        verify(second, code_in("code_transfer"), at=NOON + timedelta(seconds=61))

    def test_sends_one_for_an_edited_intent_at_once(self, user):
        issue(user)
        edited = issue(user, digest=OTHER_DIGEST, at=NOON + timedelta(seconds=5))

        verify(edited, code_in("code_transfer"), digest=OTHER_DIGEST, at=NOON)


class TestVerify:
    def test_passes_the_right_code_once_and_writes_it_down(self, user):
        challenge = issue(user)

        verify(challenge, code_of(challenge))

        challenge.refresh_from_db()
        assert (challenge.state, challenge.passed_at) == (Challenge.State.PASSED, NOON)
        assert AuditEntry.objects.filter(deed="access.code_passed").count() == 1

    def test_lets_a_second_tap_of_the_same_intent_pass(self, user):
        challenge = issue(user)
        code = code_of(challenge)

        verify(challenge, code)
        verify(challenge, code)

        assert AuditEntry.objects.filter(deed="access.code_passed").count() == 1

    def test_refuses_the_code_when_amount_or_payee_changed(self, user):
        challenge = issue(user)

        with pytest.raises(CodeForOtherIntent) as refused:
            verify(challenge, code_of(challenge), digest=OTHER_DIGEST)
        assert "Nothing was sent" in str(refused.value)

    def test_refuses_a_code_that_was_sent_for_another_payment(self, user):
        issue(user, intent="payments.transfer:7")
        foreign = code_in("code_transfer")
        other = issue(user, intent="payments.transfer:8")

        if foreign != code_in("code_transfer"):
            with pytest.raises(WrongCode):
                verify(other, foreign)

    def test_refuses_it_after_five_minutes(self, user):
        challenge = issue(user)

        with pytest.raises(CodeExpired) as refused:
            verify(challenge, code_of(challenge), at=NOON + timedelta(minutes=5))
        assert str(refused.value).startswith("That code has expired. Nothing was sent.")

    @pytest.mark.parametrize(
        "typed", ["", "12345", "1234567", "٤١٩٢٠٦", "４１９２０６", "41 206", "abcdef"]
    )
    def test_counts_what_is_no_code_as_wrong(self, user, typed):
        challenge = issue(user)

        with pytest.raises(WrongCode):
            verify(challenge, typed)
        challenge.refresh_from_db()
        assert challenge.tries == 1

    def test_says_how_many_tries_are_left_and_then_locks(self, user):
        challenge = issue(user)
        right = code_of(challenge)
        said = []
        for _ in range(4):
            with pytest.raises(WrongCode) as refused:
                verify(challenge, WRONG)
            said.append(str(refused.value))

        with pytest.raises(CodeLocked) as locked:
            verify(challenge, WRONG)

        assert said[2:] == [
            "That code is not right. 2 tries left",
            "That code is not right. 1 try left",
        ]
        assert str(locked.value) == (
            "Too many wrong codes. Sending is off until 12:30. Nothing was sent."
        )
        with pytest.raises(CodeLocked):
            verify(challenge, right)
        with pytest.raises(CodeLocked):
            issue(user, at=NOON + timedelta(minutes=29))
        with pytest.raises(CodeLocked):
            pins.verify(user=user, pin=PIN, at=NOON)
        issue(user, at=NOON + timedelta(minutes=30))

    def test_gives_no_new_tries_with_a_new_code(self, user):
        first = issue(user)
        for _ in range(4):
            with pytest.raises(WrongCode):
                verify(first, WRONG)
        second = issue(user, at=NOON + timedelta(seconds=60))

        with pytest.raises(CodeLocked):
            verify(second, WRONG, at=NOON + timedelta(seconds=61))

    def test_does_not_lock_another_customer(self, user):
        challenge = issue(user)
        for _ in range(4):
            with pytest.raises(WrongCode):
                verify(challenge, WRONG)
        with pytest.raises(CodeLocked):
            verify(challenge, WRONG)
        other = CustomerFactory().user

        pins.verify(user=other, pin=PIN, at=NOON)

    def test_void_takes_the_code_out_of_use(self, user):
        challenge = issue(user)
        challenges.void(intent=challenge.intent)

        with pytest.raises(CodeReplaced):
            verify(challenge, code_of(challenge))


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_twelve_guesses_side_by_side_get_five_tries(self):
        challenge = issue(CustomerFactory().user)

        def guess(_):
            try:
                verify(challenge, WRONG)
            except (WrongCode, CodeLocked) as refusal:
                return type(refusal)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(guess, range(12)))

        challenge.refresh_from_db()
        assert challenge.tries == 5
        assert answers.count(WrongCode) == 4
        assert answers.count(CodeLocked) == 8
