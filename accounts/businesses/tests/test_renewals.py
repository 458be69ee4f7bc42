"""Papers of businesses that end: directors are told once, and what they send stands on the desk."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from accounts.businesses import papers, queries, renewals
from accounts.businesses.models import Member
from accounts.customers.models import Customer
from accounts.documents.models import Document
from accounts.documents.operations import REPLACED
from accounts.factories import STAFF, BusinessFactory, CustomerFactory, actor_of, photo
from accounts.kyc import renewals as kyc_renewals
from accounts.kyc.models import ExpiryNotice
from accounts.notifications.models import Message
from ledger.calendar import queries as calendar
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)
TODAY = calendar.nairobi_date(AT)
NOTICE = timedelta(days=90)  # kenya.md 7.1


@pytest.fixture
def shop(njeri):
    return BusinessFactory(founder=njeri)


def paper_that_ends(business, on, kind="CERTIFICATE"):
    paper = Document.objects.get(owner_ref=business.owner_ref, kind=kind, state="ACTIVE")
    paper.expires_date = on
    paper.save(update_fields=["expires_date"])
    return paper


def told(person):
    return Message.objects.filter(user=person.user, kind="business_paper_ends")


def tell():
    return renewals.tell_expiring(at=AT, actor=SYSTEM)


class TestTelling:
    def test_tells_the_directors_once_by_text_and_mail(self, shop, njeri):
        paper_that_ends(shop, TODAY + NOTICE)

        assert (tell(), tell()) == (1, 0)
        assert sorted(told(njeri).values_list("channel", flat=True)) == ["EMAIL", "SMS"]
        text = told(njeri).get(channel="SMS").body
        assert f"a paper of {shop.name} ends on" in text
        assert "Certificate of registration" in text
        assert AuditEntry.objects.filter(deed="business.expiry_told").count() == 1

    def test_says_it_in_the_language_of_each(self, shop, njeri):
        njeri.user.language = "sw"
        njeri.user.save()
        paper_that_ends(shop, TODAY + NOTICE)
        tell()

        with translation.override("sw"):
            label = translation.gettext("Certificate of registration")
        assert label != "Certificate of registration"
        assert label in told(njeri).get(channel="SMS").body

    @pytest.mark.parametrize("days", [91, 400])
    def test_waits_until_the_days_of_notice(self, shop, days):
        paper_that_ends(shop, TODAY + timedelta(days=days))

        assert tell() == 0

    def test_tells_of_one_that_has_ended(self, shop, njeri):
        paper = paper_that_ends(shop, TODAY - timedelta(days=3))
        Document.objects.filter(pk=paper.pk).update(state="EXPIRED")

        assert tell() == 1
        assert told(njeri).count() == 2
        assert f"a paper of {shop.name} ended on" in told(njeri).get(channel="SMS").body

    def test_says_nothing_of_one_that_was_replaced(self, shop):
        paper = paper_that_ends(shop, TODAY - timedelta(days=3))
        Document.objects.filter(pk=paper.pk).update(state="EXPIRED", reason=REPLACED)

        assert tell() == 0

    def test_comes_to_the_last_of_them_past_those_of_others(self, shop, njeri, monkeypatch):
        monkeypatch.setattr(renewals, "MOST", 1)
        other = BusinessFactory(founder=njeri, is_active=False)
        paper_that_ends(other, TODAY - timedelta(days=9))
        paper_that_ends(shop, TODAY + timedelta(days=9))

        assert tell() == 1

    def test_tells_directors_and_no_others(self, njeri):
        signs = CustomerFactory()
        shop = BusinessFactory(founder=njeri, others=[(signs, [Member.Role.SIGNATORY])])
        paper_that_ends(shop, TODAY + timedelta(days=9))
        tell()

        assert (told(njeri).count(), told(signs).count()) == (2, 0)

    def test_marks_nothing_as_told_while_nobody_is_there(self, shop, njeri):
        paper_that_ends(shop, TODAY + timedelta(days=9))
        Customer.objects.filter(pk=njeri.pk).update(status="SUSPENDED")
        assert tell() == 0

        Customer.objects.filter(pk=njeri.pk).update(status="ACTIVE")
        assert tell() == 1

    def test_says_nothing_once_a_newer_one_was_sent(self, shop, njeri):
        paper_that_ends(shop, TODAY + timedelta(days=9))
        papers.send(shop, slug="certificate", content=photo(shade=77), at=AT, actor=actor_of(njeri))

        assert tell() == 0

    def test_says_nothing_to_those_who_do_not_bank_here(self, njeri):
        waiting = BusinessFactory(founder=njeri, is_active=False)
        paper_that_ends(waiting, TODAY + timedelta(days=9))

        assert tell() == 0

    def test_lowers_no_tier_of_a_person(self, shop):
        paper_that_ends(shop, TODAY - timedelta(days=3))
        tell()

        later = AT + timedelta(days=200)
        assert kyc_renewals.lower_overdue(at=later, actor=SYSTEM) == 0
        assert ExpiryNotice.objects.get().customer is None


class TestTheDesk:
    def test_shows_businesses_with_a_paper_that_nobody_decided_on(self, shop, njeri):
        assert list(queries.with_new_papers()) == []
        newer = papers.send(
            shop, slug="certificate", content=photo(shade=78), at=AT, actor=actor_of(njeri)
        )

        [found] = queries.with_new_papers()
        assert (found.pk, found.sent_at) == (shop.pk, newer.uploaded_at)

        papers.accept(shop, document=newer, actor=STAFF, at=AT)
        assert list(queries.with_new_papers()) == []
