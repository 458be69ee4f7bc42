"""Until when closing a savings account costs a fee, and what each date's interest has counted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_statement_guards")]
    operations = [
        migrations.AddField(
            "depositterm",
            "early_closure_months",
            models.SmallIntegerField(
                default=0,
                help_text="Closed sooner after its opening, an account pays the closing fee.",
            ),
        ),
        migrations.AddConstraint(
            "depositterm",
            models.CheckConstraint(
                name="savings_early_closure_is_a_number_of_months",
                condition=Q(early_closure_months__gte=0, early_closure_months__lte=120),
            ),
        ),
        migrations.AddField(
            "interestjournal",
            "late_entry",
            models.BigIntegerField(
                default=1,
                help_text="Entries from here on came after the date had ended; the next one "
                "counts them.",
            ),
            preserve_default=False,
        ),
    ]
