from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.access import mfa
from accounts.access.models import MfaDevice
from accounts.access.refusals import CodeLocked, CodeUsed, NoAuthenticator, WrongCode
from accounts.access.tests.apps import SECRET, code_at, give_app
from accounts.factories import CustomerFactory

NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
STEP = timedelta(seconds=30)
DIGEST, OTHER_DIGEST = "a" * 64, "b" * 64


@pytest.fixture
def user(db):
    user = CustomerFactory().user
    give_app(user)
    return user


def verify(user, code, *, at=NOON, digest=DIGEST):
    mfa.verify(user=user, code=code, at=at, intent_digest=digest)


class TestVerify:
    def test_agrees_with_the_published_values(self):
        """RFC 6238, appendix B, SHA-1: the last six of the eight digits given there."""
        assert code_at(datetime.fromtimestamp(59, UTC)) == "287082"
        assert code_at(datetime.fromtimestamp(1111111109, UTC)) == "081804"
        assert code_at(datetime.fromtimestamp(2000000000, UTC)) == "279037"

    def test_accepts_the_code_of_now_and_of_one_step_either_side(self, user):
        verify(user, code_at(NOON - STEP))
        verify(user, code_at(NOON))
        verify(user, code_at(NOON + STEP))

    def test_refuses_older_and_later_ones(self, user):
        for moment in (NOON - 2 * STEP, NOON + 2 * STEP):
            with pytest.raises(WrongCode):
                verify(user, code_at(moment))

    def test_refuses_a_code_a_second_time_for_another_deed(self, user):
        verify(user, code_at(NOON), digest=DIGEST)

        with pytest.raises(CodeUsed) as refused:
            verify(user, code_at(NOON), digest=OTHER_DIGEST)
        assert str(refused.value) == "That code was used already. Wait for the next one."

    def test_refuses_an_older_code_after_a_newer_one(self, user):
        verify(user, code_at(NOON))

        with pytest.raises(CodeUsed):
            verify(user, code_at(NOON - STEP), digest=OTHER_DIGEST)

    def test_lets_a_second_tap_of_the_same_deed_pass(self, user):
        verify(user, code_at(NOON))
        verify(user, code_at(NOON))

    def test_refuses_for_a_deed_what_signed_somebody_in(self, user):
        mfa.verify(user=user, code=code_at(NOON), at=NOON)

        with pytest.raises(CodeUsed):
            verify(user, code_at(NOON))

    @pytest.mark.parametrize("typed", ["", "12345", "٢٨٧٠٨٢", "２８７０８２", "28 7082"])
    def test_counts_what_is_no_code_as_wrong(self, user, typed):
        with pytest.raises(WrongCode) as refused:
            verify(user, typed)
        assert refused.value.facts["left"] == 4

    def test_locks_after_five_wrong_ones(self, user):
        for _ in range(4):
            with pytest.raises(WrongCode):
                verify(user, "000000")
        with pytest.raises(CodeLocked):
            verify(user, "000000")
        with pytest.raises(CodeLocked):
            verify(user, code_at(NOON))
        later = NOON + timedelta(minutes=30)
        verify(user, code_at(later), at=later)

    def test_says_when_there_is_no_app(self, db):
        with pytest.raises(NoAuthenticator):
            verify(CustomerFactory().user, "123456")

    def test_keeps_the_secret_under_the_key_ring(self, user):
        with connection.cursor() as cursor:
            cursor.execute("SELECT data FROM mfa_authenticator WHERE user_id = %s", [user.pk])
            kept = str(cursor.fetchone()[0])

        assert SECRET not in kept
        assert "test:" in kept  # The id of the key, before what it sealed.


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_one_code_authorises_one_of_two_deeds_side_by_side(self):
        user = CustomerFactory().user
        give_app(user)

        def authorise(digest):
            try:
                verify(user, code_at(NOON), digest=digest)
            except CodeUsed as refusal:
                return type(refusal)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(authorise, [DIGEST, OTHER_DIGEST]))

        assert sorted(answers, key=str) == sorted([None, CodeUsed], key=str)
        assert MfaDevice.objects.get(user=user).failures == 0
