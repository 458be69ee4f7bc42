from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import django_otp
import pytest
from django.db import connection

from accounts.access import operations as access
from accounts.access import pins
from accounts.access.models import TransactionPin
from accounts.access.refusals import CodeLocked, NoPin, WeakPin, WrongPin
from accounts.access.tests.steps import newest
from accounts.factories import PIN, CustomerFactory, UserFactory, actor_of

NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BORN = date(1994, 3, 27)


@pytest.fixture
def customer(db):
    return CustomerFactory(date_of_birth=BORN)


class TestVerify:
    @pytest.mark.proves("MV36")
    def test_accepts_the_customers_pin_and_no_other(self, customer):
        pins.verify(user=customer.user, pin=PIN, at=NOON)

        with pytest.raises(WrongPin) as refused:
            pins.verify(user=customer.user, pin="2581", at=NOON)
        assert str(refused.value) == "That PIN is not right. 2 tries left"

    def test_locks_for_half_an_hour_after_three_wrong_tries(self, customer):
        for _ in range(2):
            with pytest.raises(WrongPin):
                pins.verify(user=customer.user, pin="0007", at=NOON)
        with pytest.raises(CodeLocked) as locked:
            pins.verify(user=customer.user, pin="0007", at=NOON)

        assert str(locked.value) == (
            "Too many wrong tries. Sending is off until 12:30. Nothing was sent."
        )
        with pytest.raises(CodeLocked):
            pins.verify(user=customer.user, pin=PIN, at=NOON + timedelta(minutes=29, seconds=59))
        pins.verify(user=customer.user, pin=PIN, at=NOON + timedelta(minutes=30))

    def test_forgets_wrong_tries_after_a_right_one(self, customer):
        for pin in ("0007", "0007", PIN, "0007", "0007"):
            if pin == PIN:
                pins.verify(user=customer.user, pin=pin, at=NOON)
                continue
            with pytest.raises(WrongPin):
                pins.verify(user=customer.user, pin=pin, at=NOON)

    @pytest.mark.parametrize("typed", ["", "258", "25800", "٢٥٨٠", "２５８０", "2580 "])
    def test_refuses_what_is_no_pin(self, customer, typed):
        with pytest.raises(WrongPin):
            pins.verify(user=customer.user, pin=typed, at=NOON)

    def test_says_when_there_is_none(self, db):
        with pytest.raises(NoPin):
            pins.verify(user=UserFactory(), pin=PIN, at=NOON)

    def test_signs_nobody_in(self, customer):
        device = TransactionPin.objects.get(user=customer.user)

        assert django_otp.verify_token(customer.user, device.persistent_id, PIN) is None
        assert not django_otp.user_has_device(customer.user)


class TestChoose:
    def test_keeps_only_an_argon2id_hash(self, customer):
        device = TransactionPin.objects.get(user=customer.user)

        assert device.pin_hash.startswith("argon2")
        assert PIN not in device.pin_hash

    @pytest.mark.parametrize(
        "pin",
        ["0000", "7777", "1234", "4321", "9012", "1212", "1994", "2703", "0327", "123", "12345"],
    )
    def test_refuses_what_thieves_try_first(self, pin):
        with pytest.raises(WeakPin):
            pins.check(pin, date_of_birth=BORN)

    @pytest.mark.parametrize("pin", ["２５８０", "٢٥٨٠", "25a0", "-258"])
    def test_refuses_what_are_no_ascii_digits(self, pin):
        with pytest.raises(WeakPin) as refused:
            pins.check(pin, date_of_birth=BORN)
        assert str(refused.value) == "A PIN is 4 digits, 0 to 9"

    @pytest.mark.parametrize("pin", ["2580", "1359", "0042"])
    def test_accepts_others(self, pin):
        pins.check(pin, date_of_birth=BORN)


class TestChangePin:
    def change(self, customer, old=PIN, new="7391"):
        access.change_pin(
            customer.user, old_pin=old, new_pin=new, at=NOON, actor=actor_of(customer)
        )

    def test_puts_the_new_one_in_place_and_tells_the_customer(self, customer):
        self.change(customer)

        pins.verify(user=customer.user, pin="7391", at=NOON)
        with pytest.raises(WrongPin):
            pins.verify(user=customer.user, pin=PIN, at=NOON)
        assert newest("pin_changed").recipient == customer.user.phone

    def test_refuses_a_wrong_present_pin_and_counts_it(self, customer):
        with pytest.raises(WrongPin) as refused:
            self.change(customer, old="0007")
        assert refused.value.facts["left"] == 2
        pins.verify(user=customer.user, pin=PIN, at=NOON)

    def test_refuses_a_weak_one_without_costing_a_try(self, customer):
        with pytest.raises(WeakPin):
            self.change(customer, old="0007", new="1234")
        assert TransactionPin.objects.get(user=customer.user).failures == 0


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_nine_guesses_side_by_side_get_three_tries(self):
        user = CustomerFactory().user

        def guess(_):
            try:
                pins.verify(user=user, pin="0007", at=NOON)
            except (WrongPin, CodeLocked) as refusal:
                return type(refusal)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(guess, range(9)))

        assert len(answers) == 9
        assert answers.count(WrongPin) <= 2
        assert TransactionPin.objects.get(user=user).locked_until == NOON + timedelta(minutes=30)
