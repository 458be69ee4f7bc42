"""Orders of allocation take two persons, and no payment is divided without one."""

from django.db import migrations, models

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0068_allocation_orders_seed")]
    operations = [
        rights.take({"lending_allocationorder": rights.ADD_ONLY}),
        rights.takes_two("lending_allocationorder", "terms.change"),
        migrations.AddConstraint(
            model_name='repayment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order__isnull', False), ('write_off__isnull', True)), models.Q(('order__isnull', True), ('write_off__isnull', False)), _connector='OR'), name='repayment_has_an_order'),
        ),
    ]
