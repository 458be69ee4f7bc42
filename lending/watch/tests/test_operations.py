"""What is known of a borrower: put by two, once, never by or about oneself, and lifted by two."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.factories import BusinessFactory, CustomerFactory
from ledger.approvals.refusals import AboutYou, AlreadyWaiting, MayNotAsk, OwnApproval
from ledger.calendar import queries as calendar
from ledger.controls.models import AuditEntry
from lending.arrears.tests.steps import lend
from lending.factories import BorrowerFactory, BusinessApplicationFactory
from lending.watch import queries
from lending.watch.models import BorrowerMark
from lending.watch.refusals import AlreadyMarked, MarkLifted
from lending.watch.tests.steps import WHY, agree, ask, ask_lift, mark, officer, risk

pytestmark = pytest.mark.django_db
OWN = "61234567"


def record_of(application):
    return queries.record_of(application, on=calendar.business_date())


class TestAMark:
    def test_is_put_by_two_and_says_since_when_and_why(self):
        application = lend().application
        maker, checker = officer(), risk()

        asked = ask(application, actor=maker)
        with pytest.raises(OwnApproval):
            agree(asked, maker)
        assert not queries.of(application.customer).exists(), "one person puts nothing"
        agree(asked, checker)

        row = queries.standing(application.customer).get()
        assert (row.kind, row.since, row.stands) == ("DECEASED", calendar.business_date(), True)
        assert (row.put.reason, row.put.maker) == (WHY, str(maker))
        assert AuditEntry.objects.filter(deed="borrower.marked", actor=str(checker)).count() == 1
        assert queries.held_on(application.customer) == [
            {"kind": "Deceased", "when": row.since.isoformat(), "reason": WHY, "lifted": ""}
        ]

    def test_stands_once(self):
        application = lend().application
        late = ask(application)
        with pytest.raises(AlreadyWaiting):
            ask(application)
        agree(late)

        with pytest.raises(AlreadyMarked) as refused:
            ask(application)
        mark(application, "WATCH")

        assert "“Deceased” is kept of this borrower since" in str(refused.value)
        kinds = queries.standing(application.customer).values_list("kind", flat=True)
        assert set(kinds) == {"DECEASED", "WATCH"}

    def test_is_nobody_s_about_themselves(self):
        application = lend(BorrowerFactory(national_id=OWN, deposit="")).application
        own = risk(national_id=OWN)  # Who may ask and decide, but for this one.
        with pytest.raises(AboutYou):
            ask(application, actor=own)
        asked = ask(application)
        with pytest.raises(AboutYou):
            agree(asked, own)
        agree(asked)
        row = queries.standing(application.customer).get()
        with pytest.raises(AboutYou):
            ask_lift(application, row, actor=own)
        asked = ask_lift(application, row)
        with pytest.raises(AboutYou):
            agree(asked, own)

        row.refresh_from_db()
        assert row.stands

    def test_is_asked_for_by_who_may(self):
        application = lend().application
        with pytest.raises(MayNotAsk):
            ask(application, actor=officer("COLLECTIONS"))

    def test_is_of_a_business_and_not_of_its_director(self, bureau):
        colleague = CustomerFactory(national_id=OWN)
        shop = BusinessFactory(others=[(colleague, ["VIEWER"])])
        application = BusinessApplicationFactory(business=shop)
        with pytest.raises(AboutYou):
            ask(application, "BANKRUPT", actor=officer(national_id=OWN))

        mark(application, "BANKRUPT")

        own = lend(application.customer).application
        assert list(queries.standing(shop).values_list("kind", flat=True)) == ["BANKRUPT"]
        assert record_of(application).declining == ("BANKRUPT",)
        assert record_of(own).kinds == []
        mark(own, "WATCH")
        assert record_of(application).kinds == ["BANKRUPT", "WATCH"], "who asks counts too"
        assert [one["kind"] for one in queries.held_on(application.customer)] == [
            "On the watch-list"
        ]


class TestLifting:
    def test_takes_two_and_leaves_it_to_be_read(self):
        application = lend().application
        row = mark(application)
        maker = officer()
        asked = ask_lift(application, row, actor=maker)
        with pytest.raises(OwnApproval):
            agree(asked, maker)

        agree(asked)

        row.refresh_from_db()
        assert (row.ended_date, row.approval) == (calendar.business_date(), asked)
        assert row.put.reason == WHY
        assert record_of(application).kinds == []
        assert queries.held_on(application.customer)[0]["lifted"] == row.ended_date.isoformat()
        with pytest.raises(MarkLifted):
            ask_lift(application, row)
        assert mark(application).pk != row.pk, "it may be found again"


class TestTheTable:
    def test_takes_and_changes_nothing_for_one_person(self):
        """Neither a mark, nor its end; and nobody deletes one."""
        application = lend().application
        asked = ask(application, "FRAUD")
        agree(asked)
        row = mark(application, "WATCH")
        others = ask(lend().application)

        for change in (
            lambda: BorrowerMark.objects.create(
                kind="BANKRUPT",
                customer=application.customer,
                since=row.since,
                put=others,
                approval=others,
            ),
            lambda: BorrowerMark.objects.filter(pk=row.pk).update(
                ended_date=row.since, approval=others
            ),
        ):
            with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
                change()
                connection.check_constraints()
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            row.delete()
