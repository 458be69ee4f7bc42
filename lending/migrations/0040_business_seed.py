"""
The founding terms of lending to businesses. A bank that was founded before this also gets the card
and the scores that hold for them since: nobody was decided by what stood there.
"""

import json
from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

HOUSE = Path(__file__).parents[1]
DATA = HOUSE / "business" / "data"
CARDS = HOUSE / "scoring" / "data" / "cards.json"
LEAST, AUTOMATIC = 550, 600  # As products/data/terms.csv founds a bank now.


def mend(apps, schema_editor):
    card = json.loads(CARDS.read_text())["BUSINESS"]
    cards, terms = (apps.get_model("lending", name) for name in ("Scorecard", "LoanTerm"))
    cards.objects.filter(card="BUSINESS", version=1).update(characteristics=card)
    terms.objects.filter(product="SMEW", least_score=600, automatic_score=601).update(
        least_score=LEAST, automatic_score=AUTOMATIC
    )


class Migration(migrations.Migration):
    dependencies = [("lending", "0039_business")]
    operations = [
        seeds.terms(
            "lending",
            {"BusinessTerm": DATA / "terms.csv", "EvidenceTerm": DATA / "evidence.csv"},
        ),
        migrations.RunPython(mend, migrations.RunPython.noop),
    ]
