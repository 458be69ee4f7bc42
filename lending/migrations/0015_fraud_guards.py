"""
What the rules found stays as it was written; of cases and marks only how they go on changes; the
rules and their numbers take two persons.
"""

from django.db import migrations

from wekeza.kit import rights

ADDED = ["assessment", "case", "flag", "mark", "note", "rule", "term"]


class Migration(migrations.Migration):
    dependencies = [("lending", "0014_fraud_seed")]
    operations = [
        rights.take({f"lending_fraud{name}": rights.ADD_ONLY for name in ADDED}),
        rights.give(
            {
                "lending_fraudcase": (
                    "UPDATE (state, taken_by, taken_at, escalated_by, escalated_at, decided_by, "
                    "decided_at, updated_at)"
                ),
                "lending_fraudmark": "UPDATE (ended_by, ended_at, updated_at)",
            }
        ),
        rights.takes_two("lending_fraudrule", "terms.change"),
        rights.takes_two("lending_fraudterm", "terms.change"),
    ]
