"""The monitor watches businesses as it watches people; whoever is behind one learns nothing."""

import pytest
from django.db import IntegrityError, transaction

from accounts.businesses.models import Member
from accounts.factories import (
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.monitoring import operations as monitoring
from accounts.monitoring import queries
from accounts.monitoring.models import Alert, MonitorCase
from accounts.monitoring.refusals import AboutYourself
from accounts.monitoring.tests.payments import deposit, look_at, noon, structure
from ledger.calendar import queries as calendar

pytestmark = pytest.mark.django_db


def account_of(business):
    return business.deposit_accounts.select_related("ledger_account").get()


@pytest.fixture
def shop():
    return BusinessFactory(name="Umoja Hardware Ltd")


@pytest.fixture
def alert(shop):
    look_at(structure(account_of(shop), last=noon())[0], at=noon())
    return Alert.objects.get(business=shop)


class TestLookingAtABusiness:
    @pytest.mark.proves("AM12", "AM16", "AM18")
    def test_raises_an_alert_about_the_business_and_nobody_of_it(self, shop, alert):
        assert (alert.holder_name, alert.customer) == ("Umoja Hardware Ltd", None)
        assert (alert.type, alert.hits.count(), alert.entries.count()) == ("Structuring", 1, 3)
        assert {one.account_id for one in alert.entries.all()} == {
            account_of(shop).ledger_account_id
        }
        founder = shop.members.first().customer
        assert not Alert.objects.filter(customer=founder).exists()

    def test_finds_once_and_lets_more_join(self, shop, alert):
        last = deposit(account_of(shop), at=noon(hours=1))

        for _ in range(2):
            look_at(last, at=noon(hours=2))

        [same] = Alert.objects.filter(business=shop)
        assert same == alert and same.hits.count() == 2

    def test_adds_no_business_to_what_its_founder_does(self, shop):
        founder = DepositAccountFactory(customer=shop.members.first().customer)
        first = deposit(account_of(shop), at=noon(-4))
        deposit(founder, amount="8000", at=noon(-2))
        deposit(account_of(shop), at=noon())

        look_at(first, at=noon())

        assert not Alert.objects.exists(), "two deposits of the business, one of its founder"

    def test_is_part_of_a_trial(self, shop):
        day = calendar.nairobi_date(noon())
        rule = next(row for row, _ in queries.rules_on(day) if row.code == "STRUCTURING")
        span = (calendar.nairobi_date(noon(-6)), day)
        before = queries.dry_run(rule.code, rule.parameters, *span, at=noon())
        structure(account_of(shop), last=noon())

        after = queries.dry_run(rule.code, rule.parameters, *span, at=noon())

        found = {holder for holder, _ in after.alerts} - {holder for holder, _ in before.alerts}
        assert found == {("business", shop.pk)}


class TestACaseAboutABusiness:
    def test_gathers_its_alerts(self, shop, alert, officer):
        alert = monitoring.take(alert, actor=officer, at=noon())

        case = monitoring.open_case(alert, text="Cash in parts", actor=officer, at=noon())

        assert (case.business, case.customer, case.holder_name) == (shop, None, shop.name)
        with pytest.raises(IntegrityError), transaction.atomic():
            MonitorCase.objects.create(business=shop, opened_at=noon())

    def test_is_about_one_holder(self, shop):
        both = {"business": shop, "customer": shop.members.first().customer}
        for whose in (both, {}):
            with pytest.raises(IntegrityError), transaction.atomic():
                MonitorCase.objects.create(opened_at=noon(), **whose)

    @pytest.mark.parametrize("part", ["owner", "signatory"])
    def test_is_hidden_from_whoever_is_part_of_the_business(self, shop, alert, part):
        founder = shop.members.first().customer
        national_id = founder.national_id
        if part == "signatory":
            other = CustomerFactory()
            Member.objects.create(business=shop, customer=other, role="SIGNATORY", joined_at=noon())
            national_id = other.national_id
        theirs = StaffMemberFactory(role_id="COMPLIANCE", national_id=national_id)
        actor = staff_actor(theirs)

        assert not queries.seen_by(queries.waiting_alerts(), actor).exists()
        for deed in (monitoring.take, monitoring.keep_seen):
            with pytest.raises(AboutYourself):
                deed(alert, actor=actor, at=noon())
        anybody = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
        assert queries.seen_by(queries.waiting_alerts(), anybody).get() == alert
