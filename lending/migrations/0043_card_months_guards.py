"""A month of a card that was kept stays; to what it is compared takes two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0042_card_months")]
    operations = [
        rights.take(
            {"lending_cardmonth": rights.ADD_ONLY, "lending_referenceterm": rights.ADD_ONLY}
        ),
        rights.takes_two("lending_referenceterm", "terms.change"),
    ]
