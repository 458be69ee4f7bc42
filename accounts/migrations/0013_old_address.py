"""A customer's addresses stand in their own table now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_registry_seed")]
    operations = [migrations.RemoveField(model_name="customer", name="address")]
