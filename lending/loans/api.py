"""A loan as programs see it."""

from rest_framework import serializers

from ledger.money_json import MoneyOut
from wekeza.kit.api import Fields


class Loan(Fields):
    """A loan as it was taken."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    product = serializers.CharField(source="product_id")
    state = serializers.CharField(help_text="ACTIVE, PAID, WRITTEN_OFF or RECOVERED.")
    principal = MoneyOut(source="money")
    percent = serializers.DecimalField(7, 2, help_text="A year, or of the loan, once.")
    start_date = serializers.DateField(help_text="Business date.")
    receipt_no = serializers.CharField()
