"""Loans of the demo bank's people, asked for, answered and taken by the operations of the pages."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from accounts.customers.models import Customer
from accounts.deposits import queries as deposits
from accounts.documents import operations as documents
from branch.demo import papers, phones
from branch.demo.borrowers import Ask, Borrower
from branch.demo.money import customer
from ledger.calendar import queries as calendar
from ledger.money import Money, kes, parse
from lending.applications import operations as applications
from lending.applications.models import LoanApplication
from lending.applications.operations import Wish
from lending.collections import promises
from lending.credit import queries as credit
from lending.decisions import consents, operations, taking
from lending.evidence import queries as evidence
from lending.evidence.models import Needs
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.products import queries as products
from lending.products.models import ONLINE
from lending.purchases.operations import Purchase
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.restructures import operations as restructures
from lending.restructures import signing
from lending.restructures.models import Restructure
from lending.restructures.states import RestructureState
from wekeza.kit.errors import Refusal

HUNDRED = Decimal(100)


def ask(
    customer: Customer, *, amount: str, employment: str, key: UUID, at: datetime
) -> LoanApplication:
    """This will ask for a 30-day loan, at most the limit, and have it answered, once for a key."""
    today = calendar.business_date()
    known = LoanApplication.objects.filter(customer=customer, reference=key).first()
    if known is not None:
        return known
    wish = Wish(
        term=products.offer(ONLINE, on=today).term,
        amount=min(parse(amount), _round(credit.limit_of(customer, on=today).amount)),
        tenor=30,
        employment=employment,
        consent=consents.given(language="en"),
    )
    asked = operations.apply(customer, wish=wish, reference=key, at=at, actor=customer.actor)
    return operations.answer(asked, at=at)


def _round(limit: Money) -> Money:
    """People ask for round sums."""
    return Money(limit.amount // HUNDRED * HUNDRED, limit.currency)


def borrow(
    customer: Customer, *, amount: str, employment: str, key: UUID, pin: str, at: datetime
) -> None:
    """This will ask for a loan and take it, if the answer is yes."""
    asked = ask(customer, amount=amount, employment=employment, key=key, at=at)
    take(asked, pin=pin, at=at)


def ask_for(who: Borrower, wanted: Ask, *, seller: str, key: UUID, at: datetime) -> LoanApplication:
    """
    This will ask for a loan of any product, with the papers and the purchase that it takes, from
    the account number `seller`, and have it answered, once for a key.
    """
    person = customer(who.name)
    if wanted.product == ONLINE:
        facts = {"amount": f"{wanted.amount}", "employment": who.earns, "key": key, "at": at}
        return ask(person, **facts)
    asked = LoanApplication.objects.filter(customer=person, reference=key).first()
    if asked is None:
        needs = evidence.needs_on(wanted.product, on=calendar.business_date())
        _bring_papers(person, who, wanted, needs, at=at)
        payee = deposits.find_payee(seller).account if Needs.THING in needs else None
        wish, purchase = _wish(who, wanted, needs, payee), _purchase(wanted, payee)
        told = {"reference": key, "at": at, "actor": person.actor}
        asked = operations.apply(person, wish=wish, purchase=purchase, **told)
    return operations.answer(asked, at=at)


def _wish(who: Borrower, wanted: Ask, needs: list[str], payee) -> Wish:
    pay = wanted.says or who.pay
    return Wish(
        term=products.offer(wanted.product, on=calendar.business_date()).term,
        amount=kes(wanted.amount),
        tenor=wanted.months,
        employment=who.earns,
        consent=consents.given(language="en"),
        income=kes(pay) if Needs.INCOME in needs else None,
        gross=kes(pay * 4 // 3) if Needs.GROSS in needs else None,
        payee=payee,
    )


def _purchase(wanted: Ask, payee) -> Purchase | None:
    if payee is None:
        return None
    return Purchase(
        thing=wanted.gets,
        description="Three bedrooms, Ruiru" if wanted.gets == "HOME" else "Toyota Probox, 2017",
        price=kes(wanted.price),
        seller=payee,
        valuation=kes(wanted.valuation) if wanted.valuation else None,
    )


def _bring_papers(person: Customer, who: Borrower, wanted: Ask, needs: list[str], *, at) -> None:
    today, pay = calendar.business_date(), wanted.says or who.pay
    lines = {
        Needs.PAYSLIP: ["Payslip" if who.is_salaried else "Income", f"KES {pay:,}"],
        Needs.INVOICE: ["Sale agreement", f"KES {wanted.price:,}"],
        Needs.VALUATION: ["Valuation", f"KES {wanted.valuation:,}"],
    }
    missing = evidence.papers_of(person, product=wanted.product, on=today)
    for need in (one for one, sent in missing.items() if sent is None and one in needs):
        title, figure = lines[need]
        documents.upload(
            owner_ref=person.owner_ref,
            customer=person,
            kind=evidence.PAPERS[need],
            content=papers.sheet(title, [person.full_name, f"{today:%d.%m.%Y}", figure]),
            actor=person.actor,
            at=at,
        )


def take(asked: LoanApplication, *, pin: str, at: datetime) -> None:
    """This will take what was approved, by PIN or a texted code; of anything else nothing."""
    if not asked.is_approved:
        return
    offer = taking.offer_of(asked)
    secret = phones.secret_for(taking.intent_of(offer, at=at), pin=pin, at=at)
    figures, actor = offer.figures, asked.customer.actor
    taking.take(asked, figures=figures, secret=secret, at=at, actor=actor)


def copy_paper(name: str, of: str, *, at: datetime) -> None:
    """This will send the very file of somebody else's payslip as one's own."""
    sheet = papers.sheet("Payslip", [of, "KES 68,000"])
    for owner in (customer(of), customer(name)):
        ref, kind = owner.owner_ref, evidence.PAPERS[Needs.PAYSLIP]
        told = {"owner_ref": ref, "customer": owner, "kind": kind, "content": sheet}
        documents.upload(**told, actor=owner.actor, at=at)


def give_up(asked: LoanApplication, *, at: datetime) -> None:
    """This will give up what somebody asked for, while it is open."""
    if asked.is_open:
        applications.withdraw(asked, at=at, actor=asked.customer.actor)


def pay_back(customer: Customer, *, key: UUID, at: datetime) -> None:
    """This will pay off the loan that there is, if there is one."""
    for loan in loans.active_of(customer):
        owed = debts.of(loan, on=calendar.business_date()).total
        repayments.repay(loan, money=owed, reference=str(key), at=at, actor=customer.actor)


def ask_person(customer: Customer, *, amount: str, key: UUID, at: datetime) -> None:
    """This will ask for a loan, be refused, and ask a person to look again."""
    with suppress(Refusal):
        asked = ask(customer, amount=amount, employment="SELF_EMPLOYED", key=key, at=at)
        if asked.is_refused:
            operations.ask_person(asked, at=at, actor=customer.actor)


def look_again(name: str, product: str, *, at: datetime) -> None:
    """This will ask a person to look again at the last refusal of a product."""
    person = customer(name)
    asked = LoanApplication.objects.filter(customer=person, product=product).order_by("pk").last()
    if asked is not None and asked.is_refused:
        operations.ask_person(asked, at=at, actor=person.actor)


def promise(name: str, product: str, *, days: int, parts: int, key: UUID, at: datetime) -> None:
    """This will promise all that is overdue of a loan, the first part of it in so many days."""
    loan = loan_of(name, product)
    today = calendar.business_date()
    overdue = debts.of(loan, on=today).asked_by_now
    promises.make(
        loan,
        money=overdue,
        first=today + timedelta(days=days),
        parts=parts,
        reference=str(key),
        at=at,
        actor=loan.customer.actor,
    )


def ask_change(
    name: str, product: str, *, kind: str, number: int, reason: str, at: datetime
) -> None:
    """
    This will wish to pay a loan otherwise: `number` instalments put off, or so many payments more
    than are left; once.
    """
    loan = loan_of(name, product)
    if loan.restructures.filter(reason=reason).exists():
        return
    if kind == Restructure.Kind.LONGER:
        room = restructures.room_of(debts.of(loan, on=calendar.business_date()))
        number += room.least_payments - 1
    facts = {"kind": kind, "number": number, "reason": reason}
    restructures.ask(loan, **facts, at=at, actor=loan.customer.actor)


def sign_changes(pins: dict[str, str], *, at: datetime) -> None:
    """This will have those of `pins` (by e-mail) sign what they are offered to pay otherwise."""
    offered = Restructure.objects.filter(
        state=RestructureState.OFFERED, loan__customer__user__email__in=list(pins)
    )
    for wish in offered.select_related("loan__customer__user").order_by("pk"):
        person = wish.loan.customer
        figures, secret = restructures.plan_of(wish).figures, pins[person.user.email]
        with suppress(Refusal):  # It stands otherwise by now.
            signing.sign(wish, figures=figures, secret=secret, at=at, actor=person.actor)


def take_offers(pins: dict[str, str], *, at: datetime) -> None:
    """This will have those of `pins` (by e-mail) take what a person of the bank approved."""
    approved = LoanApplication.objects.filter(
        state="APPROVED", business=None, customer__user__email__in=list(pins)
    )
    for asked in approved.select_related("customer__user", "product", "term__product"):
        with suppress(Refusal):
            take(asked, pin=pins[asked.customer.user.email], at=at)


def loan_of(name: str, product: str) -> Loan:
    """
    This will give the last loan of a product that somebody took.

    :raises NoSuchLoan: if they took none.
    """
    rows = Loan.objects.filter(customer=customer(name), business=None, product=product)
    parts = ("customer__user", "product", "term__product", "account__ledger_account")
    found = rows.select_related(*parts).order_by("pk").last()
    if found is None:
        raise loans.NoSuchLoan
    return found
