"""The versions of each card of points."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from lending.scoring import cards
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class Scorecard(DatedTerm):
    """One version of a card: what each characteristic gives (kenya.md 4.5 to 4.7)."""

    class Card(models.TextChoices):
        RETAIL = "RETAIL", "People"
        NEWCOMER = "NEWCOMER", "People who came lately"
        BUSINESS = "BUSINESS", "Businesses"

    card = models.CharField(max_length=10, choices=Card.choices)
    version = models.SmallIntegerField()
    characteristics = models.JSONField(help_text="As lending.scoring.cards reads them.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_card_of_a_version", fields=["card", "version"]
            ),
            models.UniqueConstraint(
                name="lending_one_card_a_start", fields=["card", "effective_from"]
            ),
            models.CheckConstraint(
                name="lending_card_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(name="lending_card_has_a_version", condition=Q(version__gt=0)),
        ]

    def __str__(self):
        return self.model_version

    @property
    def model_version(self) -> str:
        """By which decisions name it: NEWCOMER 1."""
        return f"{self.card} {self.version}"

    def clean(self):
        """A card by which nobody could work is refused with what is wrong."""
        try:
            cards.check(self.characteristics)
        except cards.BadCard as error:
            raise ValidationError({"characteristics": str(error)}) from error
