"""What is asked of a wish for a loan by instalments before it is taken in, or granted."""

from datetime import datetime

from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.applications.models import LoanApplication
from lending.applications.operations import Wish
from lending.credit import queries as credit
from lending.decisions.refusals import IncomeMissing, NotAtLevel, NotOffered, OverLimit
from lending.evidence import operations as evidence
from lending.evidence import queries as evidence_queries
from lending.evidence.models import Needs
from lending.purchases import operations as purchases
from lending.purchases import queries as purchase_queries
from lending.purchases.operations import Purchase


def check(customer, wish: Wish, purchase: Purchase | None, *, at: datetime) -> None:
    """
    This will let pass a wish that told and brought what its product asks for, up to the most for
    the customer's tier. What their income carries is for the decision, which says why.

    :raises NotOffered: if people cannot ask for it.
    :raises NotAtLevel: if the product is not lent at the tier; OverLimit, if less is.
    :raises IncomeMissing: if an income that is asked for was not told.
    :raises PurchaseMissing: or the other refusals of `purchases.check` and `check_age`.
    :raises PaperMissing: if a paper that is asked for is not there.
    """
    product, today = wish.term.product_id, calendar.nairobi_date(at)
    needs = evidence_queries.needs_on(product, on=today)
    if not needs or not wish.term.product.is_for_people:
        raise NotOffered
    check_level(customer, product=product, amount=wish.amount)
    if Needs.INCOME in needs and not wish.income or Needs.GROSS in needs and not wish.gross:
        raise IncomeMissing
    if Needs.THING in needs:
        purchases.check(
            customer, purchase=purchase, product=product, amount=wish.amount, on=today,
            is_valued=Needs.VALUATION in needs,
        )  # fmt: skip
    if Needs.AGE in needs:
        purchases.check_age(customer, months=wish.tenor, on=today)
    evidence.check(customer, product=product, on=today)


def check_grant(row: LoanApplication, amount: Money) -> None:
    """
    This will let pass an amount that a person may grant: at the customer's tier, and of the value
    of what is bought, as both are today.

    :raises NotAtLevel: or OverLimit, OverValue, as `check`.
    """
    check_level(row.customer, product=row.product_id, amount=amount)
    bought, today = purchase_queries.of(row), calendar.business_date()
    if bought is not None:
        purchases.check_value(
            row.product_id, thing=bought.thing, value=bought.value, amount=amount, on=today
        )


def check_level(customer, *, product: str, amount: Money) -> None:
    """
    This will let pass an amount that is lent at a customer's tier.

    :raises NotAtLevel: if the product is not lent at it; OverLimit, if less is.
    """
    cap = credit.cap_of(customer, product=product, on=calendar.business_date())
    if cap is None:
        raise NotAtLevel
    if amount > cap:
        raise OverLimit(limit=cap)
