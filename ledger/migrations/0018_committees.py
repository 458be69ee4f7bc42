"""Deeds that a committee decides: so many persons say yes, each a row that stays."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
DROP TRIGGER ledger_approval_has_its_signatures ON ledger_approval;
DROP FUNCTION ledger_approval_has_its_signatures();
DROP TRIGGER ledger_signature_is_of_another ON ledger_approvalsignature;
DROP FUNCTION ledger_signature_is_of_another();
"""

class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0017_vouchers_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApprovalSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signer', models.CharField(max_length=80)),
                ('signer_person', models.CharField(max_length=80)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('signed_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name='approval',
            name='checkers',
            field=models.SmallIntegerField(db_default=1, default=1, help_text='So many persons say yes; the last of them is the checker.'),
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='checkers',
            field=models.SmallIntegerField(db_default=1, default=1, help_text='So many persons say yes, beside whoever asks.'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('checkers__range', (1, 9))), name='ledger_approval_is_of_a_few'),
        ),
        migrations.AddConstraint(
            model_name='approvalrule',
            constraint=models.CheckConstraint(condition=models.Q(('checkers__range', (1, 9))), name='ledger_approval_takes_a_few'),
        ),
        migrations.AddField(
            model_name='approvalsignature',
            name='approval',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='ledger.approval'),
        ),
        migrations.AddConstraint(
            model_name='approvalsignature',
            constraint=models.UniqueConstraint(fields=('approval', 'signer_person'), name='ledger_one_signature_a_person'),
        ),
        migrations.AddConstraint(
            model_name='approvalsignature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signer', ''), _negated=True), models.Q(('signer_person', ''), _negated=True)), name='ledger_signature_has_a_signer'),
        ),
        migrations.RunSQL(SQL, UNDO),
        rights.take({"ledger_approvalsignature": rights.ADD_ONLY}),
    ]
