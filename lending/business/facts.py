"""The facts of a business's application by which it is decided (kenya.md 4.7)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

from accounts.documents.models import Document
from ledger.money import Money
from lending.applications.models import LoanApplication
from lending.business import limits, quotes, turnover
from lending.business.limits import MONTHS, BusinessLimit
from lending.business.models import BusinessTerm
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.repayments import history
from lending.scoring.cards import Fact
from lending.watch import queries as watch
from lending.watch.queries import Record


@dataclass(frozen=True, slots=True)
class Cover:
    """What a business earns in a loan's time, what all its loans take then, and how many times."""

    earned: Money
    takes: Money
    months: int
    least: Decimal
    wanted: Decimal

    @property
    def times(self) -> Decimal:
        """To a hundredth, down (DSCR)."""
        return (self.earned.amount / self.takes.amount).quantize(Decimal("0.01"), ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class BusinessFacts:
    """
    All that a business's decision is made by. `values` are the card's facts by name; `is_read` says
    that an officer accepted the paper of its turnover, or that there is none to read; `record` is
    what is known of the business and of the director who asks.
    """

    limit: BusinessLimit
    cover: Cover
    active: list[Loan]
    is_good: bool
    is_read: bool
    standing: str | None
    values: dict[str, Fact] = field(default_factory=dict)
    record: Record = Record()


def gather(application: LoanApplication, *, standing: str | None, on: date) -> BusinessFacts:
    """
    This will gather the facts of a business's application on a business date; `standing` is how the
    bureau knows the business and the director who asks, as one; None if it did not answer about
    one of them, or was not asked.
    """
    business, request = application.business, application.business_request
    told = request.told
    limit = limits.limit_of(told, term=application.term, tenor=application.tenor, on=on)
    lent = min(application.money, limit.amount)
    if not application.term.lends(lent):  # Too little to be lent: judged as it was asked.
        lent = application.money
    cover = cover_of(application, principal=lent, on=on)
    numbers = BusinessTerm.numbers_on(on)
    bounced = numbers[BusinessTerm.Kind.BOUNCED_MONTHS]
    paid = history.of(business, on=on, missed_months=bounced)
    values = {
        "years_trading": told.years_trading,
        "evidence": told.evidence,
        "turnover_here_percent": turnover.percent_here(business, turnover=told.turnover, on=on),
        "turnover_trend_percent": turnover.trend_percent(business, on=on),
        "dscr": cover.times,
        "sector": told.sector.sector,
        "bureau": standing,
        "repayment": paid.mark,
        "bounced_items": paid.missed,
        "largest_customer_percent": told.largest_customer_percent,
        "security_percent": turnover.tenths(told.security_value.amount / lent.amount * 100),
    }
    return BusinessFacts(
        limit=limit,
        cover=cover,
        active=loans.active_of(business),
        is_good=business.is_active and application.customer.is_active,
        is_read=told.is_declared_only or request.document.state == Document.State.ACTIVE,
        standing=standing,
        values=values,
        record=watch.record_of(application, on=on),
    )


def cover_of(application: LoanApplication, *, principal: Money, on: date) -> Cover:
    """
    This will set what a business earns in the time of a loan against the instalments of a principal
    and what its loans elsewhere take in that time, as it says.
    """
    told, months = application.business_request.told, application.tenor
    cost = quotes.quote_of(application, principal=principal, on=on)
    numbers, kinds = BusinessTerm.numbers_on(on), BusinessTerm.Kind
    elsewhere = told.debt_monthly.amount * months
    return Cover(
        earned=Money.rounded(told.ebitda.amount * months / MONTHS, "KES"),
        takes=cost.total + Money.rounded(elsewhere, "KES"),
        months=months,
        least=Decimal(numbers[kinds.LEAST_COVER_PERCENT]) / 100,
        wanted=Decimal(numbers[kinds.COVER_PERCENT]) / 100,
    )
