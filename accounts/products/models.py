"""Deposit products: what a customer can open."""

from django.db import models
from django.utils.translation import gettext, gettext_noop

EVERYDAY, SAVINGS, BUSINESS = "10", "20", "70"  # Codes of the rows (kenya.md 1.6).
# Names are data, in English; these are the ones that translators know.
KNOWN_NAMES = (gettext_noop("Everyday account"), gettext_noop("Savings account"))


class Product(models.Model):
    """A product and the control line its accounts stand under (kenya.md 1.6 and 11.1)."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    control_line = models.CharField(max_length=20)
    currency = models.CharField(max_length=3, default="KES")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.name

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.name)
