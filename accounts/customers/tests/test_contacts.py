import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.access import operations as access
from accounts.access import phone_changes
from accounts.access.refusals import CodeExpired, CodeTooSoon, WrongCode
from accounts.access.tests.steps import begin, code_in, confirm, log_in, newest, spare_phone
from accounts.customers import contacts
from accounts.customers import operations as customers
from accounts.customers.models import Address, FurtherPhone
from accounts.customers.refusals import (
    BeingChecked,
    PhoneKnown,
    PhoneTaken,
    TooManyContacts,
    TooManyNumbers,
)
from accounts.factories import PASSWORD, CustomerFactory, actor_of
from accounts.kyc.tests.steps import sent
from accounts.notifications.models import Message
from accounts.registry.models import IdentityCheck
from ledger.controls import outbox
from ledger.controls.models import AuditEntry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
MINUTE = timedelta(seconds=61)
HOME = {"kind": "HOME", "line": "House 4, Moi Avenue", "town": "Nakuru", "county": "32"}


@pytest.fixture
def customer():
    return CustomerFactory()


def add(customer, phone=None, at=NOON):
    return contacts.add_phone(
        customer, phone=phone or spare_phone(), at=at, actor=actor_of(customer)
    )


def confirmed(customer, phone=None, at=NOON):
    further = add(customer, phone, at)
    contacts.confirm_phone(
        further, code=code_in("code_further_phone"), at=at, actor=actor_of(customer)
    )
    return further


class TestAddPhone:
    @pytest.mark.proves("CK14")
    def test_counts_once_the_code_that_went_to_it_was_typed(self, customer):
        phone = spare_phone()
        further = add(customer, phone)
        assert newest("code_further_phone").recipient == phone
        assert not further.is_confirmed

        code = code_in("code_further_phone")
        contacts.confirm_phone(further, code=code, at=NOON, actor=actor_of(customer))

        assert FurtherPhone.objects.get(pk=further.pk).is_confirmed
        customer.user.refresh_from_db()
        assert customer.user.phone != phone

    def test_keeps_it_encrypted(self, customer):
        phone = spare_phone()
        further = add(customer, phone)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_furtherphone WHERE id = %s", [further.pk])
            assert phone[4:] not in str(cursor.fetchone())

    def test_refuses_a_wrong_code_and_a_used_one(self, customer):
        further = add(customer)
        code = code_in("code_further_phone")
        wrong = "000000" if code != "000000" else "000001"
        facts = {"at": NOON, "actor": actor_of(customer)}

        with pytest.raises(WrongCode):
            contacts.confirm_phone(further, code=wrong, **facts)
        with pytest.raises(CodeExpired):
            contacts.confirm_phone(further, code=code, at=NOON + 6 * MINUTE, actor=facts["actor"])

        assert not FurtherPhone.objects.get(pk=further.pk).is_confirmed

    def test_refuses_what_the_customer_has(self, customer):
        further = confirmed(customer)
        for phone in (further.phone, customer.user.phone):
            with pytest.raises(PhoneKnown):
                add(customer, phone, at=NOON + MINUTE)

    def test_never_gives_one_customers_phone_to_another(self, customer):
        other = CustomerFactory()
        spare = confirmed(other).phone
        for turn, phone in enumerate([other.user.phone, spare]):
            with pytest.raises(PhoneTaken):
                confirmed(customer, phone, at=NOON + turn * MINUTE)

    def test_sends_one_code_a_minute_ten_a_day_and_keeps_five(self, customer):
        add(customer)
        with pytest.raises(CodeTooSoon):
            add(customer, at=NOON + timedelta(seconds=59))
        for turn in range(1, 5):
            last = add(customer, at=NOON + turn * MINUTE)
        with pytest.raises(TooManyContacts):
            add(customer, at=NOON + 5 * MINUTE)
        for turn in range(5, 10):
            contacts.text_code(last, at=NOON + turn * MINUTE)
        with pytest.raises(TooManyNumbers):
            contacts.text_code(last, at=NOON + 10 * MINUTE)

    def test_is_taken_back(self, customer):
        further = confirmed(customer)
        contacts.remove_phone(further, actor=actor_of(customer))

        assert not customer.further_phones.exists()
        assert AuditEntry.objects.filter(deed="customer.phone_removed").exists()


class TestMakeMainPhone:
    def test_swaps_the_two_tells_the_old_one_and_asks_the_network(self, customer):
        before, further = customer.user.phone, confirmed(customer)
        after = further.phone

        contacts.make_main_phone(further, at=NOON, actor=actor_of(customer))

        customer.user.refresh_from_db()
        assert (customer.user.phone, customer.user.is_phone_verified) == (after, True)
        assert customer.user.factor_changed_at == NOON
        assert [row.phone for row in customer.further_phones.all()] == [before]
        assert newest("phone_changed").recipient == before
        first = IdentityCheck.objects.get(customer=customer, kind="PHONE")
        outbox.sweep(
            handlers={"phone.changed": [contacts.ask_about_phone]},
            at=datetime.now(UTC) + MINUTE,
            most=500,
        )
        first.refresh_from_db()
        assert first.state == "SUPERSEDED"
        assert IdentityCheck.objects.filter(customer=customer, kind="PHONE").count() == 2


class TestOnePhone:
    def test_of_a_customer_never_becomes_anothers_main_one(self, customer):
        further, other = confirmed(customer), CustomerFactory().user

        phone_changes.send_code(other, phone=further.phone, host="bank", at=NOON)

        assert newest("code_phone", user=other) is None
        with pytest.raises(IntegrityError), transaction.atomic():
            access.set_phone(other, phone=further.phone, is_verified=True, at=NOON)

    def test_of_a_customer_never_becomes_anothers_further_one(self, customer):
        other = CustomerFactory()
        row = FurtherPhone(customer=other, phone=customer.user.phone, confirmed_at=NOON)
        row.phone_index = customer.user.phone_index

        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_is_known_at_registering_as_a_main_one_is(self, client, customer):
        further = confirmed(customer)

        begin(client, phone=further.phone, email=f"new.{customer.pk}@example.com")

        assert newest("account_already_exists").recipient == further.phone
        assert newest("code_phone") is None


class TestAddresses:
    def facts(self, customer, **more):
        return HOME | {"actor": actor_of(customer)} | more

    @pytest.mark.proves("CK14")
    def test_are_several_and_one_of_them_the_main_one(self, customer):
        home = contacts.add_address(customer, **self.facts(customer))
        work = contacts.add_address(customer, **self.facts(customer, kind="WORK"))
        assert (home.is_main, work.is_main) == (True, False)

        contacts.make_main_address(work, actor=actor_of(customer))

        assert Address.objects.get(customer=customer, is_main=True) == work
        contacts.remove_address(work, actor=actor_of(customer))
        assert Address.objects.get(customer=customer, is_main=True) == home

    def test_are_corrected_and_the_trail_says_what(self, customer):
        home = contacts.add_address(customer, **self.facts(customer))
        contacts.change_address(home, **self.facts(customer, town="Naivasha"))

        home.refresh_from_db()
        assert home.town == "Naivasha"
        entry = AuditEntry.objects.get(deed="customer.address_changed")
        assert entry.detail == {"fields": "town"}

    def test_are_five_at_most(self, customer):
        for _ in range(5):
            contacts.add_address(customer, **self.facts(customer))
        with pytest.raises(TooManyContacts):
            contacts.add_address(customer, **self.facts(customer))


class TestPages:
    @pytest.fixture
    def inside(self, client, customer):
        log_in(client, customer.user.email, PASSWORD)
        return client

    def page(self, name, *args):
        return reverse(f"accounts:customers:{name}", args=args)

    def test_add_a_phone(self, inside, customer):
        answer = inside.post(self.page("add_phone"), {"phone": spare_phone()})
        further = customer.further_phones.get()
        assert answer["Location"] == self.page("confirm_phone", further.public_id)
        assert "Type its code" in inside.get("/settings/profile/").content.decode()
        refused = inside.post(answer["Location"], {"code": ""})
        assert refused.status_code == 422

        code = code_in("code_further_phone")
        answer = inside.post(answer["Location"], {"code": code})

        assert (answer.status_code, answer["Location"]) == (303, "/settings/profile/")
        assert "Type its code" not in inside.get("/settings/profile/").content.decode()

    def test_make_another_phone_the_main_one_after_pin_and_code(self, inside, customer):
        further = confirmed(customer, at=datetime.now(UTC))
        page, facts = self.page("main_phone"), {"phone": str(further.public_id)}
        assert inside.post(page, facts)["Location"] == "/settings/security/confirm/main-phone/"

        confirm(inside, "main-phone")
        assert inside.post(page, {"phone": "none"}).status_code == 422
        answer = inside.post(page, facts)

        assert answer["Location"] == "/settings/profile/"
        customer.user.refresh_from_db()
        assert customer.user.phone == further.phone
        assert inside.get(page).status_code == 302

    def test_show_and_change_nobody_elses(self, inside):
        other = CustomerFactory()
        phone = confirmed(other)
        home = contacts.add_address(other, **HOME, actor=actor_of(other))
        confirm(inside, "contacts")
        for name, row in [
            ("confirm_phone", phone),
            ("remove_phone", phone),
            ("change_address", home),
            ("make_main_address", home),
            ("remove_address", home),
        ]:
            assert inside.post(self.page(name, row.public_id), HOME).status_code == 404
        assert other.further_phones.exists()
        assert other.addresses.exists()

    def test_keep_addresses(self, inside, customer):
        assert inside.post(self.page("add_address"), HOME | {"county": ""}).status_code == 422
        assert inside.post(self.page("add_address"), HOME).status_code == 303
        home = customer.addresses.get()
        page = self.page("change_address", home.public_id)
        confirm(inside, "contacts")
        assert 'value="Nakuru"' in inside.get(page).content.decode()
        inside.post(page, HOME | {"line": "House 5"})
        assert "House 5" in inside.get("/settings/profile/").content.decode()
        assert newest("contacts_changed").recipient == customer.user.phone
        for name in ("make_main_address", "remove_address"):
            confirm(inside, "contacts")
            inside.post(self.page(name, home.public_id))
        assert not customer.addresses.exists()

    def test_change_and_go_only_with_pin_and_code(self, inside, customer):
        further = confirmed(customer)
        home = contacts.add_address(customer, **HOME, actor=actor_of(customer))
        told = Message.objects.filter(user=customer.user, kind="contacts_changed")
        before = told.count()
        pages = [self.page("remove_phone", further.public_id)]
        for name in ("change_address", "make_main_address", "remove_address"):
            pages.append(self.page(name, home.public_id))

        for page in pages:
            asked = inside.post(page, HOME | {"line": "Elsewhere"})
            assert asked["Location"] == "/settings/security/confirm/contacts/"
        assert customer.addresses.get().line == HOME["line"] and customer.further_phones.exists()

        confirm(inside, "contacts")
        assert "Remove this phone?" in inside.get(pages[0]).content.decode()
        assert inside.post(pages[0])["Location"] == "/settings/profile/"
        assert not customer.further_phones.exists()
        assert told.count() == before + 1

    def test_stay_as_they_are_while_an_officer_looks(self, inside):
        customer = sent().customer
        inside.logout()
        log_in(inside, customer.user.email, PASSWORD)
        home, facts = customer.addresses.get(), {"actor": actor_of(customer)}
        deeds = [
            lambda: contacts.keep_main_address(customer, line="Elsewhere", **facts),
            lambda: contacts.make_main_address(home, **facts),
            lambda: contacts.remove_address(home, **facts),
            lambda: contacts.change_address(home, line="Elsewhere", **facts),
            lambda: customers.update_profile(customer, occupation="Arms dealer", **facts),
        ]
        for deed in deeds:
            with pytest.raises(BeingChecked):
                deed()

        answer = inside.post("/settings/profile/", {"occupation": "Arms dealer"})
        assert answer.status_code == 422
        assert "We look at this for your higher level" in answer.content.decode()
        confirm(inside, "contacts")
        page = self.page("remove_address", home.public_id)
        assert inside.post(page).status_code == 422
        assert customer.addresses.get() == home


class TestEmails:
    @pytest.fixture
    def inside(self, client, customer):
        log_in(client, customer.user.email, PASSWORD)
        return client

    def add(self, inside, address, **facts):
        confirm(inside, "email")
        inside.post(reverse("account_email"), {"email": address, "action_add": "1"} | facts)
        code = re.search(r"[0-9]{6}", newest("email_confirmation").body)[0]
        page = reverse("account_email_verification_sent")
        return inside.post(page, {"action": "verify", "code": code})

    def mains(self, customer):
        rows = EmailAddress.objects.filter(user=customer.user).order_by("pk")
        return [(row.email, row.primary) for row in rows]

    @pytest.mark.proves("CK14")
    def test_may_be_several_with_one_main(self, inside, customer):
        main, further = customer.user.email, f"further.{customer.pk}@example.com"
        self.add(inside, further, is_further="on")

        assert self.mains(customer) == [(main, True), (further, False)]
        assert newest("email_added").recipient == main
        customer.user.refresh_from_db()
        assert customer.user.email == main
        assert customer.user.factor_changed_at  # A password could be reset there.

        confirm(inside, "email")
        answer = inside.post(reverse("account_email"), {"email": further, "action_primary": "1"})

        assert answer["Location"] == "/settings/profile/"
        assert self.mains(customer) == [(main, False), (further, True)]
        assert newest("email_changed").recipient == main
        confirm(inside, "email")
        inside.post(reverse("account_email"), {"email": main, "action_remove": "1"})
        assert self.mains(customer) == [(further, True)]

    def test_take_the_main_ones_place_and_leave_the_others(self, inside, customer):
        further, new = (f"{name}.{customer.pk}@example.com" for name in ("further", "new"))
        self.add(inside, further, is_further="on")
        self.add(inside, new)

        assert self.mains(customer) == [(further, False), (new, True)]
