"""How terms of loans are said."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger.money import Money
from lending.products.models import LoanTerm, PenaltyIn, Tenor
from lending.products.queries import Offer, Price
from wekeza.kit.words import percent


def time(tenor: int, term: LoanTerm) -> str:
    """This will say how long a loan is: 30 days, 12 months."""
    if term.tenor_in == Tenor.DAYS:
        return ngettext("{count} day", "{count} days", tenor).format(count=tenor)
    return ngettext("{count} month", "{count} months", tenor).format(count=tenor)


def lasts(term: LoanTerm) -> str:
    """This will say how long loans of a term are."""
    if term.least_tenor == term.most_tenor:
        return _("This loan is for {time}.").format(time=time(term.most_tenor, term))
    return _("This loan is for {least} to {most}.").format(
        least=term.least_tenor, most=time(term.most_tenor, term)
    )


def amounts(term: LoanTerm) -> str:
    """This will say how much loans of a term are for."""
    least, most = (Money.rounded(one, "KES") for one in (term.least_amount, term.most_amount))
    return _("This loan is for {least} to {most}.").format(least=least, most=most)


def summary(offer: Offer) -> str:
    """This will say in one line what a loan costs a year, up to how much it is, and how long."""
    term = offer.term
    rates = dict.fromkeys([percent(offer.lowest), percent(offer.highest)])
    return _("{rate} a year, up to {most}, {least} to {time}").format(
        rate="–".join(rates), most=Money.rounded(term.most_amount, "KES"), least=term.least_tenor,
        time=time(term.most_tenor, term),
    )  # fmt: skip


def late(term: LoanTerm) -> str:
    """This will say what paying late costs."""
    rate = percent(term.penalty_percent)
    if term.penalty_in == PenaltyIn.DAYS:
        words = _("If you pay late, {rate} of the overdue principal is added for each day")
    else:
        words = _("If you pay late, {rate} a year of the overdue principal is added, day by day")
    words = words.format(rate=rate)
    if term.grace_days:
        words += ngettext(
            ", after {count} day of grace", ", after {count} days of grace", term.grace_days
        ).format(count=term.grace_days)
    if term.penalty_most_days:
        words += _(", for {count} days at most").format(count=term.penalty_most_days)
    return f"{words}."


def choice(price: Price, offer: Offer) -> str:
    """This will name one of several prices: its scores, or its sector."""
    if price.sector:
        return price.sector.label
    above = [one.from_score for one in offer.prices if one.from_score > price.from_score]
    if not above:
        return _("{score} or more").format(score=price.from_score)
    return _("{first} to {last}").format(first=price.from_score, last=min(above) - 1)
