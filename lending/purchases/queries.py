"""How much of a value is lent on a day, and what an application buys."""

from datetime import date
from decimal import Decimal

from lending.applications.models import LoanApplication
from lending.purchases.models import LoanPurchase, PurchaseTerm


def shares_on(product: str, *, on: date) -> dict[str, Decimal]:
    """This will give what percent of its value a product lends on each thing, on a day."""
    rows = PurchaseTerm.objects.on(on).filter(product=product).reverse()
    latest = {row.thing: row.most_percent for row in rows}
    return {thing: share for thing, share in latest.items() if share}


def of(application: LoanApplication) -> LoanPurchase | None:
    """This will give what an application buys; None: it buys nothing that the bank knows of."""
    return LoanPurchase.objects.filter(application=application).first()
