"""Loans for programs: which there are, what is owed, and paying on one."""

from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from ledger.calendar import queries as calendar
from ledger.controls.api import once
from ledger.money_json import MoneyIn, MoneyOut
from lending.loans import queries as loans
from lending.loans.api import Loan
from lending.loans.queries import NoSuchLoan
from lending.loans.states import OWED
from lending.repayments import debts, operations, queries
from lending.repayments.refusals import (
    AccountStopped,
    LoanPaid,
    MoreThanOwed,
    NotEnoughInAccount,
)
from wekeza.kit.api import Door, Fields, operation

TAG = "Loans"


class Debt(Fields):
    """A loan and what is owed of it today."""

    loan = Loan()
    balance = MoneyOut(source="total", help_text="What pays it off today.")
    principal = MoneyOut(allow_null=True, help_text="The parts are null once it was written off.")
    interest = MoneyOut(allow_null=True)
    penalty = MoneyOut(allow_null=True)
    late_interest = MoneyOut(allow_null=True, help_text="On principal that is late, for each day.")
    fee = MoneyOut(allow_null=True, help_text="For paying all of it off today.")
    due_now = MoneyOut(source="asked_by_now", help_text="What is collected today.")
    next_payment = MoneyOut()
    due_date = serializers.DateField(
        source="next_due.date", allow_null=True, help_text="The next one; null: all of it is due."
    )
    days_late = serializers.IntegerField(allow_null=True, help_text="Null once written off.")


class Debts(Fields):
    """The loans that are not paid back, the oldest first, those that were written off too."""

    loans = Debt(many=True)


class NewRepayment(Fields):
    """On which loan, and how much; it comes from the account that the loan was paid out to."""

    loan = serializers.UUIDField(required=False, help_text="Your oldest open loan unless named.")
    money = MoneyIn()


class Share(Fields):
    """What a part of a payment paid."""

    part = serializers.CharField(help_text="PENALTY, LATE, INTEREST, PRINCIPAL or FEE.")
    money = MoneyOut()


class Repayment(Fields):
    """A payment on a loan, with what each shilling of it paid."""

    receipt_no = serializers.CharField()
    loan = serializers.UUIDField(source="loan.public_id")
    money = MoneyOut()
    balance = MoneyOut(source="left", help_text="What is still owed.")
    shares = Share(source="allocations.all", many=True)
    paid_at = serializers.DateTimeField()
    value_date = serializers.DateField(help_text="Business date as of which it pays.")
    stands = serializers.BooleanField(help_text="False once it was taken back.")


class Instalment(Fields):
    """What one due date of the schedule takes."""

    number = serializers.IntegerField(source="instalment.number")
    due_date = serializers.DateField(source="date")
    principal = MoneyOut(source="whole_principal")
    interest = MoneyOut(source="whole_interest")
    unpaid = MoneyOut(source="total", help_text="What of it is not paid yet.")


class WholeLoan(Fields):
    """A loan with its schedule as it stands, and every payment on it, the newest first."""

    loan = Loan()
    balance = MoneyOut(help_text="What pays it off today.")
    schedule = Instalment(many=True)
    payments = Repayment(many=True)


class Active(Door):
    """GET /loans/active (000:181) and /api/v1/loan/loans/."""

    tag = TAG

    @operation(gives={200: Debts}, summary="See your open loans and what is owed")
    def get(self, request):
        found = loans.of(request.auth.actor).filter(state__in=OWED).order_by("pk")
        today = calendar.business_date()
        return {"loans": [operations.owed_of(loan, on=today) for loan in found]}


class OneLoan(Door):
    """GET /api/v1/loan/loan/{id}/."""

    tag = TAG

    @operation(
        gives={200: WholeLoan},
        refuses=[NoSuchLoan],
        summary="See a loan with its schedule and payments",
    )
    def get(self, request, public_id):
        loan, today = (
            loans.one_of(request.auth.actor, public_id=public_id),
            calendar.business_date(),
        )
        return {
            "loan": loan,
            "balance": operations.owed_of(loan, on=today).total,
            "schedule": debts.of(loan, on=today).dues,
            "payments": queries.of(loan),
        }


class Repay(Door):
    """POST /loans/repay (000:182) and /api/v1/loan/repayment/add (003:299)."""

    tag = TAG

    @operation(
        takes=NewRepayment,
        gives={201: Repayment},
        refuses=[NoSuchLoan, LoanPaid, MoreThanOwed, NotEnoughInAccount, AccountStopped],
        quota="money",
        once=once,
        summary="Pay on a loan",
        about="What is due is paid in the order of the bank’s terms, as `shares` say. The last "
        "shilling makes it PAID.",
        example={"money": {"amount": "5250.00", "currency": "KES"}},
    )
    def post(self, request):
        actor, facts = request.auth.actor, request.facts
        return operations.repay(
            _chosen(actor, facts.get("loan")), money=facts["money"],
            reference=str(request.reference), at=timezone.now(), actor=actor,
        )  # fmt: skip


def _chosen(actor, public_id: UUID | None):
    if public_id is not None:
        return loans.one_of(actor, public_id=public_id)
    found = loans.of(actor).filter(state__in=OWED).order_by("state", "pk").first()
    if found is None:
        raise NoSuchLoan
    return found
