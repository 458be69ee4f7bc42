"""
The password policy of a new bank: twelve characters and the list of leaked passwords; history,
expiry, composition and security questions exist and are off (X16). The application only reads it.
"""

from django.db import migrations

from wekeza.kit import rights

POLICY = {
    "effective_from": "2026-01-01",
    "least_length": 12,
    "source": "NIST SP 800-63B-4 3.1.1.2, OWASP ASVS 5.0 6.2; docs/decisions/0014",
    "approved_by": "Founding of the bank",
}


def seed(apps, schema_editor):
    apps.get_model("accounts", "PasswordPolicy").objects.create(**POLICY)


def unseed(apps, schema_editor):
    apps.get_model("accounts", "PasswordPolicy").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_access")]
    operations = [
        migrations.RunPython(seed, unseed),
        rights.take({"accounts_passwordpolicy": rights.READ_ONLY}),
    ]
