"""What a loan to a business costs: the product's rate and what its sector adds."""

from datetime import date
from decimal import Decimal

from ledger.money import Money
from lending.applications.models import LoanApplication
from lending.business.told import Told
from lending.products import quotes
from lending.products.models import LoanTerm
from lending.products.quotes import Quote


def percent_of(told: Told, term: LoanTerm) -> Decimal:
    """This will give the rate a year of a business by its sector (kenya.md 4.5)."""
    return term.percent + told.sector.adds_percent


def quote_of(application: LoanApplication, *, principal: Money, on: date) -> Quote:
    """This will quote a principal to the business of an application, paid out on `on`."""
    told = application.business_request.told
    return quote(told, term=application.term, principal=principal, tenor=application.tenor, on=on)


def quote(told: Told, *, term: LoanTerm, principal: Money, tenor: int, on: date) -> Quote:
    """This will quote a principal to a business of such figures."""
    return quotes.quote(
        term, principal=principal, tenor=tenor, percent=percent_of(told, term), start=on
    )
