"""Which stop binds a product, which there were, and what they blocked."""

from django.db.models import Case, Count, QuerySet, Value, When

from lending.products.models import LoanProduct
from lending.stops.models import LendingStop, Scope, StoppedAttempt

# The widest of several stops is the one that is told.
_WIDTH = Case(
    When(scope=Scope.ALL, then=Value(0)), When(scope=Scope.SEGMENT, then=Value(1)), default=Value(2)
)


def stop_on(product: LoanProduct) -> LendingStop | None:
    """
    This will give the open stop that binds a product, the widest of several: for pages that tell
    before somebody tries. What lends calls `operations.check`, which nobody overtakes.
    """
    return LendingStop.objects.binding(product).order_by(_WIDTH, "pk").first()


def open_stops() -> QuerySet[LendingStop]:
    """This will give every stop in force with how much it blocked, the newest first."""
    return _stops().open().order_by("-stopped_at", "-pk")


def lifted_stops() -> QuerySet[LendingStop]:
    """This will give every stop that is over with how much it blocked, the last lifted first."""
    return _stops().over().order_by("-lifted_at", "-pk")


def attempts_of(stop: LendingStop) -> QuerySet[StoppedAttempt]:
    """This will give every loan that a stop blocked, the newest first."""
    return stop.attempts.select_related("customer", "product").order_by("-pk")


def held_on(customer) -> list[dict]:
    """This will give the loans that a stop blocked for somebody, for the copy of their data."""
    rows = StoppedAttempt.objects.filter(customer=customer).select_related("product")
    return [
        {"when": row.at, "product": row.product.label, "amount": row.money}
        for row in rows.order_by("pk")
    ]


def _stops() -> QuerySet[LendingStop]:
    return LendingStop.objects.select_related("product").annotate(blocked=Count("attempts"))
