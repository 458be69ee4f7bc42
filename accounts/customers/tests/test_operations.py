from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from accounts.access import pins
from accounts.access.refusals import WeakPin
from accounts.access.tests.steps import newest
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers.models import Application, Consent, Customer
from accounts.customers.queries import age_on, standing_consents
from accounts.customers.refusals import (
    BadNationalId,
    ConsentMissing,
    ConsentOutdated,
    ForeignLetters,
    IdTaken,
    NotBornYet,
    NotReady,
    TooManyIds,
    TooYoung,
)
from accounts.deposits.models import DepositAccount
from accounts.factories import CustomerFactory, UserFactory, actor_of
from accounts.notifications.models import Message
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import Actor

NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
JUMA = {"full_name": "Juma Otieno", "national_id": "28765432", "date_of_birth": date(1994, 3, 27)}
AGREED = ["TERMS", "DATA"]


@pytest.fixture
def user(db):
    return UserFactory()


def actor(user):
    return Actor("LOGIN", str(user.pk), person=f"login:{user.pk}")


def tell(user, **facts):
    return customers.tell_details(user, **(JUMA | facts), at=NOON)


def open_account(user, agreed=AGREED, **facts):
    """The account, by who read the texts as they are."""
    facts = {"seen": consents.hashes(language="en"), "language": "en"} | facts
    return customers.open(user, agreed=agreed, **facts, at=NOON, actor=actor(user))


def become(user, agreed=AGREED, **facts):
    tell(user, **facts)
    customers.choose_pin(user, pin="2580")
    return open_account(user, agreed)


class TestNames:
    @pytest.mark.parametrize("name", ["محمد علي حسن", "Моhаmmеd Аli Наssаn", "Amina Ναjeri"])
    def test_of_another_script_are_asked_for_in_latin_letters(self, name):
        with pytest.raises(ForeignLetters) as refused:
            customers.check_name(name)
        assert str(refused.value) == "Enter your name in Latin letters, as it stands on your ID"

    @pytest.mark.parametrize("name", ["Ng’ang’a Wanjiru", "Zoë O'Brien-Müller", "Nguyễn Thị Đào"])
    def test_have_accents_apostrophes_and_hyphens(self, name):
        customers.check_name(name)


class TestAge:
    @pytest.mark.parametrize(
        ("born", "at", "age"),
        [
            (date(2008, 11, 21), NOON, 18),
            (date(2008, 11, 22), NOON, 17),
            # 21:30 in London on 21 November is half past midnight on the 22nd in Nairobi.
            (date(2008, 11, 22), datetime(2026, 11, 21, 21, 30, tzinfo=UTC), 18),
            (date(2008, 2, 29), datetime(2026, 2, 28, 12, tzinfo=UTC), 17),
            (date(2008, 2, 29), datetime(2026, 3, 1, 12, tzinfo=UTC), 18),
        ],
    )
    def test_is_counted_on_the_day_in_nairobi(self, born, at, age):
        assert age_on(born, at=at) == age


class TestTellDetails:
    def test_keeps_them_encrypted(self, user):
        tell(user)

        with connection.cursor() as cursor:
            cursor.execute("SELECT national_id FROM accounts_application")
            assert "28765432" not in cursor.fetchone()[0]
        assert Application.objects.get(user=user).national_id == "28765432"

    @pytest.mark.proves("CK07")
    def test_refuses_somebody_of_seventeen(self, user):
        with pytest.raises(TooYoung) as refused:
            tell(user, date_of_birth=date(2008, 11, 22))

        assert str(refused.value) == (
            "You must be 18 or older to open an account. Your ID says you are 17"
        )
        assert not Application.objects.exists()

    @pytest.mark.parametrize("born", [date(2026, 11, 22), date(1905, 1, 1), date(2999, 1, 1)])
    def test_refuses_a_date_on_which_nobody_who_lives_was_born(self, user, born):
        with pytest.raises(NotBornYet):
            tell(user, date_of_birth=born)

    @pytest.mark.parametrize(
        "national_id",
        ["", "12345", "1234567890", "A1234567", "-1234567", "٢٨٧٦٥٤٣٢", "２８７６５４３２"],
    )
    def test_refuses_what_is_no_id_number(self, user, national_id):
        with pytest.raises(BadNationalId) as refused:
            tell(user, national_id=national_id)
        assert str(refused.value) == "Enter an ID number with 6 to 9 digits"

    def test_refuses_an_id_that_has_an_account(self, user):
        CustomerFactory(national_id="28765432")

        with pytest.raises(IdTaken) as refused:
            tell(user)
        assert str(refused.value) == "This ID already has an account. Log in or recover it"

    def test_stops_somebody_who_tries_ids_one_after_another(self, user):
        taken = [CustomerFactory().national_id for _ in range(4)]
        for national_id in taken[:3]:
            with pytest.raises(IdTaken):
                tell(user, national_id=national_id)

        for national_id in (taken[3], "29876543"):  # A free one too: no answer tells them apart.
            with pytest.raises(TooManyIds):
                tell(user, national_id=national_id)

    def test_forgets_the_pin_when_the_date_of_birth_changes(self, user):
        tell(user)
        customers.choose_pin(user, pin="1995")

        assert not tell(user, date_of_birth=date(1995, 3, 27)).has_pin


class TestChoosePin:
    def test_weighs_it_against_the_date_of_birth(self, user):
        tell(user)
        with pytest.raises(WeakPin):
            customers.choose_pin(user, pin="1994")

    def test_wants_the_details_first(self, user):
        with pytest.raises(NotReady):
            customers.choose_pin(user, pin="2580")


class TestOpen:
    @pytest.mark.proves("IA02", "CK01", "IA06")
    def test_makes_a_customer_of_tier_1_with_an_everyday_account(self, user):
        customer = become(user)

        account = DepositAccount.objects.get(customer=customer)
        assert (customer.user, customer.tier_id) == (user, "TIER_1")
        assert (customer.status, customer.kyc_status) == ("ACTIVE", "SELF_DECLARED")
        assert (len(account.number), account.number[:5]) == (13, "00110")
        assert user.password.startswith("argon2")
        pins.verify(user=user, pin="2580", at=NOON)
        deeds = set(AuditEntry.objects.values_list("deed", flat=True))
        assert {"customer.opened", "deposit_account.opened", "access.pin_chosen"} <= deeds

    def test_keeps_each_consent_with_version_words_and_language(self, user):
        customer = become(user, agreed=[*AGREED, "MARKETING"])

        kept = {consent.kind: consent for consent in standing_consents(customer)}
        assert set(kept) == {"TERMS", "DATA", "MARKETING"}
        assert {consent.version for consent in kept.values()} == {consents.VERSION}
        assert kept["DATA"].text_hash == consents.hash_of("DATA", language="en")
        assert (kept["DATA"].language, kept["DATA"].given_at) == ("en", NOON)
        assert kept["DATA"].channel == "WEB"
        assert consents.hash_of("DATA", language="en") != consents.hash_of("DATA", language="sw")

    def test_welcomes_the_customer_by_text_and_mail(self, user):
        customer = become(user)

        number = customer.deposit_accounts.get().number
        assert number[:3] in newest("welcome").body
        assert Message.objects.filter(kind="welcome", user=user).count() == 2

    def test_happens_once_however_often_it_is_asked(self, user):
        first = become(user)
        again = open_account(user)

        assert first == again
        assert DepositAccount.objects.filter(customer=first).count() == 1
        assert Message.objects.filter(kind="welcome").count() == 2

    def test_leaves_nothing_of_the_answers_behind(self, user):
        become(user)

        application = Application.objects.get(user=user)
        assert (application.full_name, application.national_id) == ("", "")
        assert (application.date_of_birth, application.pin_hash) == (None, "")

    @pytest.mark.parametrize("agreed", [[], ["TERMS"], ["DATA"], ["DATA", "MARKETING"]])
    def test_wants_terms_and_data(self, user, agreed):
        with pytest.raises(ConsentMissing):
            become(user, agreed=agreed)
        assert not Customer.objects.exists()

    def test_keeps_no_consent_to_a_text_that_was_not_shown(self, user):
        tell(user)
        customers.choose_pin(user, pin="2580")
        in_swahili = consents.hashes(language="sw")

        for seen in ([], in_swahili, [consents.hash_of("TERMS", language="en")]):
            with pytest.raises(ConsentOutdated):
                open_account(user, seen=seen)

        assert not Consent.objects.exists()

    def test_says_when_a_program_sent_the_consent(self, user):
        customer = customers.become(
            user,
            **JUMA,
            pin="2580",
            agreed=AGREED,
            text_hashes=consents.hashes(language="en"),
            language="en",
            at=NOON,
            actor=actor(user),
        )

        assert {row.channel for row in standing_consents(customer)} == {"API"}

    def test_wants_every_answer(self, user):
        tell(user)
        with pytest.raises(NotReady):
            open_account(user)

    def test_leaves_nothing_when_the_account_cannot_be_opened(self, user, monkeypatch):
        from accounts.deposits.models import NumberSeries

        tell(user)
        customers.choose_pin(user, pin="2580")
        NumberSeries.objects.all().delete()
        NumberSeries.objects.create(branch="001", product_id="10", next_serial=10_000_000)

        with pytest.raises(Exception):  # noqa: B017 - the branch has no number left
            open_account(user)

        assert not Customer.objects.filter(user=user).exists()
        assert not Consent.objects.exists()
        assert not Message.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_lets_one_of_two_with_the_same_id_in(self):
        people = [UserFactory(), UserFactory()]
        for person in people:
            tell(person, national_id="31415926")
            customers.choose_pin(person, pin="2580")

        def ask(person):
            try:
                return open_account(person)
            except IdTaken as refusal:
                return refusal
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(ask, people))

        assert sorted(type(answer).__name__ for answer in answers) == ["Customer", "IdTaken"]
        assert Customer.objects.filter(user__in=people).count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_opens_one_account_for_two_taps(self):
        user = UserFactory()
        tell(user, national_id="27182818")
        customers.choose_pin(user, pin="2580")

        def ask(_):
            try:
                return open_account(user)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(ask, range(4)))

        assert len(set(answers)) == 1
        assert DepositAccount.objects.filter(customer=answers[0]).count() == 1


def news_of(customer):
    """When each consent to news was withdrawn; None stands still."""
    kept = Consent.objects.filter(customer=customer, kind="MARKETING")
    return list(kept.values_list("withdrawn_at", flat=True))


class TestUpdateProfile:
    @pytest.mark.proves("CK05")
    def test_keeps_what_changed_and_who_changed_it(self, db):
        customer = CustomerFactory()
        customers.update_profile(customer, occupation="Tailor", actor=actor_of(customer))

        customer.refresh_from_db()
        assert customer.occupation == "Tailor"
        entry = AuditEntry.objects.get(deed="customer.profile_changed")
        assert entry.detail == {"fields": "occupation"}
        assert entry.actor == f"CUSTOMER:{customer.pk}"

    def test_writes_nothing_when_nothing_changed(self, db):
        customer = CustomerFactory()
        customers.update_profile(customer, occupation="", actor=actor_of(customer))

        assert not AuditEntry.objects.filter(deed="customer.profile_changed").exists()


class TestChooseNews:
    def test_gives_and_takes_back_the_consent_to_news(self, db):
        customer = CustomerFactory()
        facts = {"language": "en", "at": NOON, "actor": actor_of(customer)}
        with pytest.raises(ConsentOutdated):
            customers.choose_news(customer, agrees=True, **facts)
        facts |= {"seen": consents.hashes(language="en")}
        customers.choose_news(customer, agrees=True, **facts)
        customers.choose_news(customer, agrees=True, **facts)
        assert news_of(customer) == [None]

        customers.choose_news(customer, agrees=False, **facts)

        assert news_of(customer) == [NOON]
