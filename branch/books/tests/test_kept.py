"""What rooms keep by themselves: no voucher books on it or takes it back, and says what to do."""

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.factories import SavingsAccountFactory
from accounts.savings.tests.test_interest import accrue, book
from branch.books.tests.steps import agree, asked, draft, earn, in_a_new_year, lines, now
from branch.books.tests.test_vouchers import ask_reversal, is_refused
from ledger.chart import queries as chart
from ledger.factories import post
from ledger.journal.lines import credit, debit
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.proofs import queries as proofs
from ledger.vouchers import operations as vouchers
from ledger.vouchers.models import Voucher
from lending.arrears.tests.steps import lend

pytestmark = pytest.mark.django_db
KINDS = ["INTEREST", "INTEREST_ACCRUAL", "SAVINGS_CLOSING", "SAVINGS_CLOSING_FEE", "YEAR_END"]
OF_LOANS = ["1330", "1335", "1340", "1341", "1342", "2360", "3040", "9010", "9011"]
KINDS_OF_LOANS = [
    "LOAN_DISBURSEMENT", "LOAN_ACCRUAL", "LOAN_SUSPENSE", "LOAN_REPAYMENT", "LOAN_PROVISION",
    "LOAN_WRITE_OFF", "LOAN_RECOVERY",
]  # fmt: skip


def broken():
    return [proof.name for proof in proofs.prove(more=settings.PROOFS) if not proof.holds]


@pytest.fixture
def accrual():
    """An entry of interest that accounts earned in a night."""
    accrue(account=SavingsAccountFactory(balance="100000"))
    return Entry.objects.get(pk=book().entry_id)


class TestLines:
    def test_of_loans_take_none(self, maker):
        for code in OF_LOANS:
            refusal = is_refused(vouchers.KeptLine, lambda one=code: draft(maker, lines(taker=one)))
            assert f"{code} {chart.line(code).name} takes no voucher. " in str(refusal)

    def test_of_one_loan_take_none(self, maker):
        loan = lend()
        booked = [
            debit(chart.line("5490"), kes("100")),
            credit(loan.ledger_account, kes("100")),
        ]

        refusal = is_refused(vouchers.KeptLine, lambda: draft(maker, booked))

        assert refusal.facts["code"] == loan.number

    @pytest.mark.parametrize("code", ["2110", "3020", "3030"])
    @pytest.mark.parametrize("side", ["taker", "giver"])
    def test_take_no_voucher_and_say_what_to_do(self, maker, code, side):
        refusal = is_refused(vouchers.KeptLine, lambda: draft(maker, lines(**{side: code})))

        assert f"{code} {chart.line(code).name} takes no voucher. " in str(refusal)
        assert refusal.facts["instead"]
        assert not Voucher.objects.exists()

    def test_are_refused_beside_the_box_too(self, at_work):
        said = {"line-TOTAL_FORMS": 1, "line-INITIAL_FORMS": 0, "line-0-account": "2110"}

        answer = at_work("OPERATIONS").post(
            "/books/vouchers/write/", said | {"line-0-debit": "5", "deed": "check"}
        )

        assert answer.status_code == 422
        assert "the next night corrects the interest" in answer.content.decode()

    def test_are_refused_when_they_were_asked_for_before(self, maker, checker, settings):
        kept, settings.KEPT_BY_ROOMS = settings.KEPT_BY_ROOMS, []
        request = asked(maker, lines(giver="2110"))
        settings.KEPT_BY_ROOMS = kept

        is_refused(vouchers.KeptLine, lambda: agree(request, checker))

        assert Voucher.objects.get(approval=request).entry is None
        assert broken() == []

    def test_stand_in_the_chart(self):
        for path in settings.KEPT_BY_ROOMS:
            kept = import_string(path)
            for code in (kept() if callable(kept) else kept).lines:
                assert chart.line(code)


class TestEntries:
    def test_of_interest_are_not_taken_back(self, accrual, maker, at_work):
        refusal = is_refused(vouchers.KeptEntry, lambda: ask_reversal(accrual.pk, maker))
        clerk = at_work("OPERATIONS")
        page = f"/books/journal/{accrual.pk}/"
        refused = clerk.post(f"{page}reverse/", {"narrative": "Wrong", "may_overdraw": "on"})

        assert refusal.facts["kind"] == "INTEREST_ACCRUAL"
        assert "is not taken back by hand" in refused.content.decode()
        assert f"{page}reverse/" not in clerk.get(page).content.decode()
        assert broken() == []

    def test_are_not_taken_back_when_it_was_asked_for_before(
        self, accrual, maker, checker, settings
    ):
        kept, settings.KEPT_BY_ROOMS = settings.KEPT_BY_ROOMS, []
        request = ask_reversal(accrual.pk, maker)
        settings.KEPT_BY_ROOMS = kept

        is_refused(vouchers.KeptEntry, lambda: agree(request, checker))

        assert broken() == []

    def test_of_a_year_that_ended_are_not_taken_back(self, maker, checker):
        earn("1000")
        in_a_new_year(maker, checker)
        ends = Entry.objects.filter(kind="YEAR_END")
        assert ends.exists()

        for entry in ends:
            refusal = is_refused(vouchers.KeptEntry, lambda one=entry: ask_reversal(one.pk, maker))
            assert "Correct a year that is closed in the open month" in str(refusal)

    def test_of_loans_are_not_taken_back(self, maker):
        for kind in KINDS_OF_LOANS:
            self.test_of_every_kept_kind_are_named(maker, kind)

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_every_kept_kind_are_named(self, maker, kind):
        legs = debit(chart.line("1020"), kes("5")), credit(chart.line("4110"), kes("5"))
        entry = post(*legs, kind=kind)

        is_refused(
            vouchers.KeptEntry,
            lambda: vouchers.draft_reversal(
                Entry.objects.get(pk=entry.entry_id),
                narrative="x", may_overdraw=True, actor=maker, at=now(),
            ),
        )  # fmt: skip
