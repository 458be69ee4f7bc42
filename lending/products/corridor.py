"""The corridor of rates a year that the bank lends in (mission 002:11; X4), on a day."""

from datetime import date
from decimal import Decimal

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wekeza.kit.dated import NoSuchTerm

LEAST, MOST = "LEAST_PERCENT", "MOST_PERCENT"


def check(percent: Decimal, *, on: date) -> None:
    """
    This will look whether a rate a year lies in the corridor of a day.

    :raises ValidationError: if it lies outside, or there is no corridor on that day.
    """
    bounds = _bounds(on)
    if not bounds[LEAST] <= percent <= bounds[MOST]:
        raise ValidationError(
            _("%(percent)s%% a year lies outside the corridor of %(least)s%% to %(most)s%%."),
            params={
                "percent": f"{percent.normalize():f}",
                "least": bounds[LEAST],
                "most": bounds[MOST],
            },
        )


def check_bounds(kind: str, number: int, *, on: date) -> None:
    """
    This will look whether a new bound leaves a corridor.

    :raises ValidationError: if the lowest rate would be the highest, or above it.
    """
    bounds = _bounds(on) | {kind: number}
    if bounds[LEAST] >= bounds[MOST]:
        raise ValidationError(_("The lowest rate must be below the highest."))


def _bounds(on: date) -> dict[str, int]:
    found = apps.get_model("lending", "LendingLimit").numbers_on(on)
    try:
        return {LEAST: found[LEAST], MOST: found[MOST]}
    except NoSuchTerm as missing:
        raise ValidationError(_("There is no corridor of rates on that day.")) from missing
