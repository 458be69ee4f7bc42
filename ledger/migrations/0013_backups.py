"""The book of backups: what became of one may be written, and what it was stays."""

import django.db.models.functions.datetime
from django.db import migrations, models

from wekeza.kit import rights


class Migration(migrations.Migration):

    dependencies = [
        ("ledger", "0012_close_of_business"),
    ]

    operations = [
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="Its folder, or the try's moment.", max_length=40, unique=True)),
                ('state', models.CharField(choices=[('KEPT', 'Kept, not yet opened'), ('VERIFIED', 'Opened, and the same'), ('BROKEN', 'Cannot be relied on'), ('FAILED', 'Was not made'), ('REMOVED', 'Thrown away')], default='KEPT', max_length=8)),
                ('taken_at', models.DateTimeField()),
                ('size_bytes', models.BigIntegerField(default=0)),
                ('entries', models.BigIntegerField(default=0)),
                ('documents', models.BigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, default='', help_text='Of all balances.', max_length=64)),
                ('server_version', models.CharField(blank=True, default='', max_length=20)),
                ('verified_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, default='', max_length=1000)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'FAILED'), models.Q(('problem', ''), _negated=True)), models.Q(('digest', ''), _negated=True), _connector='OR'), name='ledger_backup_has_a_digest_or_a_problem'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'VERIFIED'), _negated=True), ('verified_at__isnull', False), _connector='OR'), name='ledger_backup_is_verified_at_a_moment'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', False), ('state', 'REMOVED')), models.Q(models.Q(('state', 'REMOVED'), _negated=True), ('removed_at__isnull', True)), _connector='OR'), name='ledger_backup_is_removed_at_a_moment')],
            },
        ),
        rights.take({'ledger_backup': rights.ADD_ONLY}),
        rights.give({'ledger_backup': 'UPDATE (state, verified_at, removed_at, problem, updated_at)'}),
    ]
