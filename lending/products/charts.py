"""The drawing of a loan: what each instalment, or each year, takes of principal and interest."""

from itertools import groupby

from django.utils.formats import date_format

from lending.products.quotes import Quote
from wekeza.kit.charts import pair_bars

MOST_BARS = 12  # More instalments are drawn year by year.


def parts_of(quote: Quote) -> dict:
    """This will give the chart of a quote and whether it goes by years; none of one instalment."""
    if quote.is_once:
        return {"chart": None}
    by_year = len(quote.instalments) > MOST_BARS
    parts = groupby(quote.instalments, lambda row: row.due.year if by_year else row.number)
    groups = [list(rows) for _part, rows in parts]
    each = -(-len(groups) // MOST_BARS)  # Twenty-five years have no room for a word each.
    bars = [
        (
            date_format(rows[0].due, "Y" if by_year else "M") if place % each == 0 else " ",
            sum(row.principal.amount for row in rows),
            sum(row.interest.amount for row in rows),
        )
        for place, rows in enumerate(groups)
    ]
    return {"chart": pair_bars(bars), "by_year": by_year}
