"""What the loan of an application costs if it is paid out on a day."""

from datetime import date
from decimal import Decimal

from ledger.money import Money
from lending.applications.models import LoanApplication
from lending.products import queries as products
from lending.products import quotes
from lending.products.quotes import Quote


def quote_of(
    application: LoanApplication, *, principal: Money, on: date, percent: Decimal | None = None
) -> Quote:
    """
    This will quote a principal on the terms of an application, paid out on `on`, at the rate that
    was decided: `percent` a year. Before that, a price by grades counts with its highest.

    :raises NoSuchTerm: if the product's price has a gap on the day of the application's terms.
    """
    term = application.term
    percent = term.percent if percent is None else percent
    if percent is None:
        percent = products.offer(application.product_id, on=term.effective_from).highest
    return quotes.quote(
        term, principal=principal, tenor=application.tenor, percent=percent, start=on
    )
