"""
What the demo bank's staff do about loans day by day, by the operations of their pages: applications
and wishes that wait, late loans, write-offs, fraud. What is done already is not done again.
"""

import random
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from accounts.documents import operations as documents
from branch.credit import operations as credit
from branch.demo.loans import loan_of
from branch.demo.money import customer
from branch.demo.scenes import colleague
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.money import kes
from lending.applications.models import LoanApplication
from lending.collections import operations as collecting
from lending.collections import queries as late_loans
from lending.collections import texts
from lending.collections.models import Act, CaseStep, CollectionContact
from lending.decisions import queries as decisions
from lending.decisions.models import CreditDecision
from lending.fraud import operations as fraud
from lending.fraud import queries as fraud_queries
from lending.fraud.states import CaseState
from lending.loans.models import Loan
from lending.products import queries as products
from lending.reminders import operations as reminders
from lending.restructures import operations as restructures
from lending.restructures.models import Restructure
from lending.restructures.states import RestructureState
from lending.stops import operations as stops
from lending.stops.models import LendingStop, Scope
from lending.writeoffs import operations as writeoffs
from wekeza.kit.errors import Refusal

Channel, Outcome = CollectionContact.Channel, CollectionContact.Outcome
MOST_A_MORNING, A_CALL = 20, timedelta(minutes=6)
FINE = "Read the papers beside the account; pay and instalments fit."
NOT_FINE = "What comes in does not carry it beside what is spent each month."
# How calls end: with most people one speaks at once.
ENDS = [Outcome.SPOKE, Outcome.SPOKE, Outcome.NO_ANSWER, Outcome.CANNOT_PAY]
NOTES = {
    Outcome.SPOKE: "Told what is overdue, and how to promise in the bank.",
    Outcome.NO_ANSWER: "Rang twice.",
    Outcome.CANNOT_PAY: "Work is slow. Told of help with arrears.",
    Outcome.WRONG_NUMBER: "Somebody else has the number by now.",
    Outcome.SENT: "To the address that the customer told.",
}


def text(*, at: datetime) -> None:
    """This will text who has something due, and who is late, as the bank does by the clock."""
    reminders.remind(at=at)
    texts.send(at=at)


def collect(*, gone: Collection[str], at: datetime) -> None:
    """
    This will do what the calendar of late loans puts on the worklist, one after the other; who is
    `gone`, by e-mail, answers nothing.
    """
    steps = late_loans.steps_for_people().select_related("case__loan__customer__user")
    for number, step in enumerate(steps.order_by("pk")[:MOST_A_MORNING]):
        with suppress(Refusal):  # Reminded often enough today: tomorrow, then.
            _contact(step, gone=gone, at=at + number * A_CALL)


def _contact(step: CaseStep, *, gone: Collection[str], at: datetime) -> None:
    user = step.case.loan.customer.user
    chance = random.Random(f"{user.email} {step.code} {step.day}")  # noqa: S311 - a plan.
    channel = next(one for one in Channel if one in collecting.DONE_BY[Act(step.code)])
    outcome = Outcome.SENT
    if channel == Channel.CALL:
        ends = [Outcome.NO_ANSWER, Outcome.WRONG_NUMBER] if user.email in gone else ENDS
        outcome = chance.choice(ends)
    actor = colleague("collections")
    collecting.take(step.case, actor=actor, at=at)
    collecting.contact(
        step.case, channel=channel, outcome=outcome, note=NOTES[outcome], step=step.code,
        actor=actor, at=at,
    )  # fmt: skip


def decide_waiting(
    *,
    but: Collection[str],
    refused: Collection[tuple[str, str]],
    granted: Mapping[tuple[str, str], int],
    at: datetime,
) -> None:
    """
    This will answer what everybody `but` some, by e-mail, asked for and a person must decide: yes,
    for what the rules found, but to those of `refused` (e-mail and product). What the rules refused
    stays refused, but for the KES of `granted`. What a case of fraud stands against waits.
    """
    waiting = LoanApplication.objects.filter(state="REFERRED").select_related(
        "customer__user", "product", "term", "business"
    )
    for asked in waiting.exclude(customer__user__email__in=list(but)).order_by("pk"):
        last, key = decisions.last_of(asked), (asked.customer.user.email, asked.product_id)
        amount = kes(granted[key]) if last.is_refused and key in granted else last.money
        is_no = not amount or key in refused
        if not is_no and fraud_queries.holds_back(asked):
            continue
        if asked.business_id:
            _read_paper(asked, at=at)
        result = CreditDecision.Result.REFUSED if is_no else CreditDecision.Result.APPROVED
        with suppress(Refusal):  # A second person has it already.
            credit.decide(
                asked, result=result, amount=amount, why=NOT_FINE if is_no else FINE,
                actor=colleague("loans"), at=at,
            )  # fmt: skip


def _read_paper(asked: LoanApplication, *, at: datetime) -> None:
    paper = asked.business_request.document
    if paper is not None and paper.state == paper.State.STAGED:
        documents.approve(paper, actor=colleague("loans"), at=at)


def propose_changes(*, at: datetime) -> None:
    """This will propose to a second person what customers wish to pay otherwise, as they wish."""
    wishes = Restructure.objects.filter(state=RestructureState.ASKED)
    for wish in wishes.select_related("loan__customer").order_by("pk"):
        with suppress(Refusal):  # A second person has it already.
            restructures.propose(
                wish, kind=wish.kind, number=wish.number, why="They can pay it so, and want to.",
                actor=colleague("loans"), at=at,
            )  # fmt: skip


def sign_waiting(name: str, deeds: Collection[str], *, at: datetime) -> None:
    """This will have a colleague say yes to what waits of some deeds."""
    for asked in approval_queries.waiting().filter(deed__in=deeds):
        with suppress(Refusal), stops.noting_stopped():  # Theirs is there already.
            approvals.approve(asked, digest=asked.digest, actor=colleague(name), at=at)


def ask_write_off(name: str, product: str, *, at: datetime) -> None:
    """This will ask a committee to write somebody's loan off."""
    loan: Loan = loan_of(name, product)
    if loan.is_active and not approval_queries.waiting_for(loan).exists():
        reason = "Late for more than a year, moved away, and no letter came back answered."
        writeoffs.ask(loan, reason=reason, actor=colleague("loans"), at=at)


def judge(name: str, *, is_fraud: bool, words: str, at: datetime) -> None:
    """This will take the case of fraud about somebody's last flagged application and decide it."""
    about = fraud_queries.cases().filter(
        assessment__application__customer=customer(name), state__in=[CaseState.OPEN, "TAKEN"]
    )
    actor = colleague("risk")
    for case in about.order_by("pk"):
        fraud.take(case, actor=actor, at=at)
        if is_fraud:
            fraud.confirm(case, text=words, marks=["ID", "PHONE"], actor=actor, at=at)
        else:
            fraud.clear(case, text=words, actor=actor, at=at)


def clear_cases(*, but: Collection[str], at: datetime) -> None:
    """This will clear the cases of fraud of everybody `but` some, by e-mail."""
    waiting = fraud_queries.waiting()
    for case in waiting.exclude(assessment__application__customer__user__email__in=list(but)):
        words = "Called, and looked at account and papers: nothing is hidden."
        actor = colleague("risk")
        with suppress(Refusal):  # Somebody decided it meanwhile.
            fraud.take(case, actor=actor, at=at)
            fraud.clear(case, text=words, actor=actor, at=at)


def stop_lending(product: str, *, reason: str, at: datetime) -> None:
    """This will stop a product; stopped or lifted before for the same reason, nothing happens."""
    if not LendingStop.objects.filter(reason=reason).exists():
        row = next(one for one in products.all_products() if one.code == product)
        stops.stop(scope=Scope.PRODUCT, product=row, reason=reason, actor=colleague("risk"), at=at)


def lift_stop(product: str, *, reason: str, at: datetime) -> None:
    """This will have two persons lift the stop of a product."""
    for row in LendingStop.objects.open().filter(product=product):
        if not approval_queries.waiting_for(row).exists():
            stops.ask_lift(row, reason=reason, actor=colleague("risk"), at=at)
        for asked in approval_queries.waiting_for(row):
            approvals.approve(asked, digest=asked.digest, actor=colleague("finance"), at=at)
