"""A role may be given to somebody up to an amount below the role's own."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0030_business_papers_guards")]
    operations = [
        migrations.AddField(
            model_name="rolegrant",
            name="amount_up_to",
            field=models.DecimalField(
                max_digits=20,
                decimal_places=4,
                null=True,
                blank=True,
                help_text="In KES, below what the role allows; as far as the role goes when empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                name="staff_grant_amount_is_finite",
                condition=Q(amount_up_to__isnull=True)
                | Q(amount_up_to__gte=0, amount_up_to__lt=10**16),
            ),
        ),
    ]
