"""The drawing of a loan: what each instalment, or each year, takes of principal and interest."""

from decimal import Decimal

from django.utils.formats import date_format

from lending.products.quotes import Quote
from wekeza.kit.charts import pair_bars

MOST_BARS = 12  # More instalments are drawn year by year.


def parts_of(quote: Quote) -> dict:
    """This will give the chart of a quote and whether it goes by years; none of one instalment."""
    if quote.is_once:
        return {"chart": None}
    by_year = len(quote.instalments) > MOST_BARS
    groups: dict[str, list[Decimal]] = {}
    for row in quote.instalments:
        label = str(row.due.year) if by_year else date_format(row.due, "M")
        key = label if by_year else f"{row.number}|{label}"
        sums = groups.setdefault(key, [Decimal(0), Decimal(0)])
        sums[0] += row.principal.amount
        sums[1] += row.interest.amount
    named = [(key.partition("|")[2] or key, *sums) for key, sums in _thinned(groups)]
    return {"chart": pair_bars(named), "by_year": by_year}


def _thinned(groups: dict) -> list:
    """Twenty-five years have no room for a word each: only some carry theirs."""
    rows, each = list(groups.items()), max(1, -(-len(groups) // MOST_BARS))
    return [(key if place % each == 0 else " ", sums) for place, (key, sums) in enumerate(rows)]
