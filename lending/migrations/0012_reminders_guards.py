"""A reminder that was sent stays; when they go takes two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0011_reminders_seed")]
    operations = [
        rights.take(
            {
                "lending_loanreminder": rights.ADD_ONLY,
                "lending_reminderterm": rights.ADD_ONLY,
            }
        ),
        rights.takes_two("lending_reminderterm", "terms.change"),
    ]
