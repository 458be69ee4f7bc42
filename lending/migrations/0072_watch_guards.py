"""A mark on a borrower is put by two persons, lifted by two, and stays; its terms take two."""

from django.db import migrations

from wekeza.kit import rights

MARKS, TERMS = "lending_borrowermark", "lending_watchterm"


class Migration(migrations.Migration):
    dependencies = [("lending", "0071_watch_seed")]
    operations = [
        rights.take(dict.fromkeys([MARKS, TERMS], rights.ADD_ONLY)),
        rights.give({MARKS: "UPDATE (ended_date, approval_id, updated_at)"}),
        rights.takes_two(MARKS, "lending.mark_borrower"),
        rights.takes_two(
            MARKS, "lending.lift_mark", event="AFTER UPDATE", name=f"{MARKS}_lift_takes_two"
        ),
        rights.takes_two(TERMS, "terms.change"),
    ]
