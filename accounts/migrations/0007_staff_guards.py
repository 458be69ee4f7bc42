"""
Roles and what they hold are read by the application role; it adds only with an approval, and what
was taken away stays away. A login is a customer's or a colleague's, never both: one human would
otherwise decide as two.
"""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
DROP TRIGGER accounts_customer_is_no_staff ON accounts_customer;
DROP TRIGGER accounts_staff_is_no_customer ON accounts_staffmember;
DROP FUNCTION accounts_customer_or_staff();
DROP TRIGGER accounts_emergency_only_shrinks ON accounts_breakglass;
DROP FUNCTION accounts_emergency_only_shrinks();
DROP TRIGGER accounts_grant_stays_ended ON accounts_rolegrant;
DROP FUNCTION accounts_grant_stays_ended();
"""
RIGHTS = {
    "accounts_branch": rights.READ_ONLY,
    "accounts_permission": rights.READ_ONLY,
    "accounts_role": rights.READ_ONLY,
    "accounts_rolepermission": rights.ADD_ONLY,
    "accounts_rolegrant": rights.ADD_ONLY,
    "accounts_staffmember": rights.ADD_ONLY,
    "accounts_staffterm": rights.ADD_ONLY,
    "accounts_breakglass": rights.ADD_ONLY,
}
MAY_CHANGE = {
    "accounts_rolegrant": "UPDATE (ended_at, ended_by, updated_at)",
    # The number of the ID is sealed anew when the keys turn; what names the person is its index.
    "accounts_staffmember": "UPDATE (state, approval_id, full_name, branch_id, national_id,"
    " updated_at)",
    "accounts_breakglass": "UPDATE (ends_at, verdict, verdict_note, looked_at, looked_at_by,"
    " looked_person)",
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_terms_guards")]
    operations = [
        migrations.RunSQL(SQL, UNDO),
        rights.take(RIGHTS),
        rights.give(MAY_CHANGE),
        rights.takes_two("accounts_rolepermission", "staff.change_role"),
        rights.takes_two("accounts_rolegrant", "staff.grant_role", "staff.admit"),
        rights.takes_two("accounts_staffterm", "terms.change"),
        rights.takes_two(
            "accounts_staffmember",
            "staff.admit",
            "staff.resume",
            event="AFTER INSERT OR UPDATE OF state",
            when="NEW.state = 'ACTIVE'",
        ),
    ]
