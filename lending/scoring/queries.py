"""Which card is in force."""

from datetime import date

from lending.scoring.models import Scorecard
from wekeza.kit.dated import NoSuchTerm


def card_on(card: str, *, on: date) -> Scorecard:
    """
    This will give the version of a card that is in force on a day.

    :raises NoSuchTerm: if there is none.
    """
    row = Scorecard.objects.on(on).filter(card=card).first()
    if row is None:
        raise NoSuchTerm(f"card {card} on {on}")
    return row
