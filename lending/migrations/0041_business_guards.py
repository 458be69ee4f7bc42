"""What a business told stays as it was written; the terms take two persons."""

from django.db import migrations

from wekeza.kit import rights

ADDED = ["lending_businessrequest", "lending_businessterm", "lending_evidenceterm"]


class Migration(migrations.Migration):
    dependencies = [("lending", "0040_business_seed")]
    operations = [
        rights.take(dict.fromkeys(ADDED, rights.ADD_ONLY)),
        rights.takes_two("lending_businessterm", "terms.change"),
        rights.takes_two("lending_evidenceterm", "terms.change"),
    ]
