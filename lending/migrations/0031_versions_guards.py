"""A schedule's past stays written: of an instalment only what is waived and its end are put in."""

from django.db import migrations

from wekeza.kit import rights

ADDED = ["lending_feerelease", "lending_scheduleversion"]


class Migration(migrations.Migration):
    dependencies = [("lending", "0030_versions")]
    operations = [
        rights.take(dict.fromkeys(ADDED, rights.ADD_ONLY)),
        rights.give({"lending_loaninstalment": "UPDATE (ended_in, waived)"}),
    ]
