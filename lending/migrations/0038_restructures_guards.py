"""A wish stays written; what is offered was approved by a second person."""

from django.db import migrations

from wekeza.kit import rights

WRITTEN = (
    "state, kind, number, approval_id, offer_until, answer, agreed_hash, agreed_by, signed_at, "
    "signed_date, version_id, updated_at"
)


class Migration(migrations.Migration):
    dependencies = [("lending", "0037_restructures_seed")]
    operations = [
        rights.take(
            dict.fromkeys(["lending_restructure", "lending_restructureterm"], rights.ADD_ONLY)
        ),
        rights.give(
            {
                "lending_restructure": f"UPDATE ({WRITTEN})",
                "lending_loaninstalment": "UPDATE (moved)",
            }
        ),
        rights.takes_two("lending_restructureterm", "terms.change"),
        rights.takes_two(
            "lending_restructure", "lending.restructure", event="AFTER UPDATE OF state",
            when="(NEW.state = 'OFFERED')",
        ),
    ]  # fmt: skip
