"""In which order payments pay; all so far were divided by the first order of their loans."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parents[1] / "repayments" / "data"

# Until now both orders of a product were one and the same.
_SO_FAR = """
UPDATE lending_repayment r SET order_id = o.id
  FROM lending_loan l
  JOIN lending_allocationorder o ON o.product_id = l.product_id AND o.standing = 'PERFORMING'
 WHERE l.id = r.loan_id AND r.write_off_id IS NULL"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0067_allocation_orders")]
    operations = [
        seeds.terms("lending", {"AllocationOrder": DATA / "orders.csv"}),
        migrations.RunSQL(_SO_FAR, "UPDATE lending_repayment SET order_id = NULL"),
    ]
