"""Answers, schedules and payments are added and never changed; of loans only their state is."""

from django.db import migrations

from wekeza.kit import rights

ADDED = [
    "lending_allocation",
    "lending_creditdecision",
    "lending_earningjournal",
    "lending_loanearning",
    "lending_loaninstalment",
    "lending_repayment",
]


class Migration(migrations.Migration):
    dependencies = [("lending", "0008_loans")]
    operations = [
        rights.take(dict.fromkeys(ADDED, rights.ADD_ONLY)),
        rights.take(dict.fromkeys(["lending_loan", "lending_loanapplication"], rights.ADD_ONLY)),
        rights.give(
            {
                "lending_loan": "UPDATE (state, paid_date, updated_at)",
                "lending_loanapplication": "UPDATE (state, offer_until, updated_at)",
            }
        ),
    ]
