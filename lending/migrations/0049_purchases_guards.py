"""What a loan is for stays as it was told; how much of a value is lent takes two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0048_purchases_seed")]
    operations = [
        rights.take(
            {
                "lending_loanpurchase": rights.ADD_ONLY,
                "lending_purchaseterm": rights.ADD_ONLY,
            }
        ),
        rights.takes_two("lending_purchaseterm", "terms.change"),
    ]
