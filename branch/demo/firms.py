"""Businesses of the demo bank's borrowers: opened by the bank, paying salaries, borrowing."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from accounts.businesses import queries as members
from accounts.businesses.models import Business
from accounts.businesses.refusals import NoSuchBusiness
from accounts.deposits.models import DepositAccount
from branch.demo import papers, phones, scenes
from branch.demo.borrowers import FIRMS, MOTORS, Ask, Borrower, Firm
from branch.demo.money import account_of, customer, pay, pay_from_firm, spendable
from ledger.calendar import queries as calendar
from ledger.money import kes
from lending.applications.models import LoanApplication
from lending.business import operations as business_loans
from lending.business import queries as business_queries
from lending.business import taking
from lending.business.operations import BusinessWish
from lending.business.told import Evidence, Security, Told
from lending.decisions import consents
from wekeza.kit.errors import Refusal

MOST_AT_ONCE = Decimal(400_000)


def open_firm(firm: Firm, *, at: datetime) -> None:
    """This will let a director register a business, and the bank let it in; once."""
    scenes.open_business(customer(firm.director), company=firm.company, at=at)


def account_of_firm(firm: Firm) -> DepositAccount:
    """
    This will give the account of a business.

    :raises NoSuchBusiness: if it is not open yet.
    """
    business = _business_of(firm)
    return business.deposit_accounts.select_related("ledger_account", "business").get()


def number_of(name: str) -> str:
    """This will give the account number of a business by its name."""
    return account_of_firm(next(firm for firm in FIRMS if firm.name == name)).number


def pay_salary(employer: Firm, who: Borrower, *, key: str, pin: str, at: datetime) -> None:
    """This will pay somebody's salary from the account of who employs them, once for a key."""
    pay_from_firm(
        account_of_firm(employer),
        director=customer(employer.director),
        payee=account_of(customer(who.name)).number,
        amount=f"{who.pay}",
        reason="Salary",
        key=key,
        pin=pin,
        at=at,
    )


def bring_in(firm: Firm, amount: int, *, key: str, pin: str, at: datetime) -> None:
    """This will put money of the director's into the business, once for a key."""
    from_whom = customer(firm.director)
    pay(
        payer=from_whom, payee=account_of_firm(firm).number, amount=f"{amount}",
        reason="Takings", key=key, pin=pin, at=at,
    )  # fmt: skip


def empty(firm: Firm, *, key: str, pin: str, at: datetime) -> None:
    """This will pay all that a business has to a supplier; once for a key."""
    source = account_of_firm(firm)
    amount = spendable(source, most=MOST_AT_ONCE)
    if amount > 0:
        pay_from_firm(
            source, director=customer(firm.director), payee=number_of(MOTORS), amount=f"{amount}",
            reason="Cold store, repairs", key=key, pin=pin, at=at,
        )  # fmt: skip


def ask_for(firm: Firm, wanted: Ask, *, key: UUID, at: datetime) -> None:
    """This will ask for a loan on a business's turnover, with the paper that shows it, once."""
    business, asker = _business_of(firm), customer(firm.director)
    asked = LoanApplication.objects.filter(customer=asker, reference=key).first()
    if asked is None:
        wish = _wish(business, firm, wanted, at=at, actor=asker.actor)
        asked = business_loans.apply(business, wish=wish, reference=key, at=at, actor=asker.actor)
    business_loans.answer(asked, at=at)


def sign_offers(pins: dict[str, str], *, at: datetime) -> None:
    """This will have the directors of `pins` (by e-mail) sign what their business was approved."""
    approved = business_queries.rows().filter(
        state="APPROVED", customer__user__email__in=list(pins)
    )
    for asked in approved.order_by("pk"):
        person = asked.customer
        offer = taking.offer_of(asked)
        member = members.membership(person.actor, asked.business)
        intent = taking.intent_of(offer, member, at=at)
        with suppress(Refusal):
            secret = phones.secret_for(intent, pin=pins[person.user.email], at=at)
            taking.sign(asked, figures=offer.figures, secret=secret, at=at, actor=person.actor)


def _wish(business: Business, firm: Firm, wanted: Ask, *, at, actor) -> BusinessWish:
    offer = business_queries.offer_on(calendar.business_date())
    told = {
        "evidence": firm.told["evidence"],
        "turnover": kes(firm.told["turnover"]),
        "ebitda": kes(firm.told["ebitda"]),
        "debt_monthly": kes("0"),
        "largest_customer_percent": firm.told["largest_customer_percent"],
        "years_trading": firm.told["years_trading"],
        "security": firm.told.get("security", Security.NONE),
        "security_value": kes(firm.told.get("security_value", 0)),
    }
    paper = None
    if firm.told["evidence"] != Evidence.DECLARED:
        content = papers.company_paper(business, title=f"Accounts {at:%Y}")
        paper = business_loans.send_paper(
            business, evidence=firm.told["evidence"], content=content, at=at, actor=actor
        )
    sector = business_queries.sectors(offer)[firm.told["sector"]]
    return BusinessWish(
        term=offer.term,
        amount=kes(wanted.amount),
        tenor=wanted.months,
        told=Told(sector=sector, **told),
        consent=consents.given(language="en", text=consents.OF_BUSINESS),
        document=paper,
    )


def _business_of(firm: Firm) -> Business:
    number = firm.company["registration_no"]
    found = Business.objects.filter(registration_no=number, activated_at__isnull=False).first()
    if found is None:
        raise NoSuchBusiness
    return found
