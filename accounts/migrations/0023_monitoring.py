"""
Rules, clocks and the mark of the monitor; alerts, cases, and their history. What was found, noted
and published stays as it is; closing, reporting and publishing take two persons, by the database.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models

from wekeza.kit import rights


KEPT = ["monitorrule", "alerthit", "alertentry", "monitornote", "monitorclock"]
MOVES = {
    "alert": "state, taken_by, taken_at, case_id, approval_id, updated_at",
    "monitorcase": "state, suspicion_formed_at, report_due_at, report_no, decided_at, "
    "watched_until, approval_id, updated_at",
    "monitormark": "read_to, horizon_entry, horizon_xid, updated_at",
}
# Table -> the deed of two persons, and when a row takes it.
TAKES_TWO = [
    ("monitorrule", "monitor.publish", "AFTER INSERT", ""),
    ("monitorclock", "terms.change", "AFTER INSERT", ""),
    ("alert", "monitor.close", "AFTER INSERT", "NEW.state <> 'OPEN'"),
    (
        "alert", "monitor.close", "AFTER UPDATE",
        "NEW.state = 'CLOSED_FALSE' AND OLD.state <> 'CLOSED_FALSE'",
    ),
    ("monitorcase", "monitor.close", "AFTER INSERT", "NEW.state <> 'INVESTIGATION'"),
    (
        "monitorcase", "monitor.close", "AFTER UPDATE",
        "NEW.state <> OLD.state AND (NEW.state IN ('STR_FILED', 'CLOSED_NO_STR') OR "
        "(NEW.state = 'POST_MONITORING' AND OLD.state NOT IN ('STR_FILED', 'CLOSED_NO_STR')))",
    ),
]


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0022_screening_seed'),
        ('ledger', '0012_door_keys_rotate'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonitorCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('state', models.CharField(choices=[('INVESTIGATION', 'Being investigated'), ('MLRO_REVIEW', 'With the reporting officer'), ('STR_FILED', 'Reported to the FRC'), ('CLOSED_NO_STR', 'Closed without a report'), ('POST_MONITORING', 'Watched afterwards')], default='INVESTIGATION', max_length=15)),
                ('opened_at', models.DateTimeField()),
                ('suspicion_formed_at', models.DateTimeField(null=True)),
                ('report_due_at', models.DateTimeField(help_text='Two days after the suspicion.', null=True)),
                ('report_no', models.CharField(blank=True, default='', help_text="The FRC's number of the report.", max_length=60)),
                ('decided_at', models.DateTimeField(null=True)),
                ('watched_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approval', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.customer')),
            ],
            options={
                'verbose_name': 'case',
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('severity', models.CharField(choices=[('LOW', 'Low'), ('MEDIUM', 'Medium'), ('HIGH', 'High')], max_length=6)),
                ('state', models.CharField(choices=[('OPEN', 'Waits for somebody'), ('TRIAGE', 'Being looked at'), ('CLOSED_FALSE', 'Closed as false'), ('CASE', 'In a case')], default='OPEN', max_length=12)),
                ('window_start', models.DateTimeField(help_text='The first payment of what was found first.')),
                ('found_at', models.DateTimeField(help_text='The payment that completed it.')),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='By when somebody has given a verdict.')),
                ('taken_by', models.CharField(blank=True, default='', max_length=80)),
                ('taken_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approval', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.customer')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='accounts.monitorcase')),
            ],
        ),
        migrations.CreateModel(
            name='MonitorClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('TRIAGE', 'From alert to verdict'), ('REPORT', 'From suspicion to report'), ('APPEND', 'More of the same joins the running alert'), ('WATCH', 'Watched after a case')], max_length=10)),
                ('hours', models.IntegerField()),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, help_text='The last day; open if empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('approval', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
            ],
        ),
        migrations.CreateModel(
            name='MonitorMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_to', models.BigIntegerField(default=0, help_text='The last entry that was looked at.')),
                ('horizon_entry', models.BigIntegerField(default=0)),
                ('horizon_xid', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='monitor_has_one_mark'), models.CheckConstraint(condition=models.Q(('read_to__lte', models.F('horizon_entry'))), name='monitor_reads_no_further_than_is_sure')],
            },
        ),
        migrations.CreateModel(
            name='MonitorNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=4000)),
                ('written_by', models.CharField(max_length=80)),
                ('written_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='accounts.alert')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='accounts.monitorcase')),
            ],
        ),
        migrations.CreateModel(
            name='MonitorRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('STRUCTURING', 'Structuring'), ('PASS_THROUGH', 'Rapid pass-through'), ('DORMANT', 'Dormant revival')], max_length=20)),
                ('version', models.SmallIntegerField()),
                ('is_on', models.BooleanField(default=True)),
                ('severity', models.CharField(choices=[('LOW', 'Low'), ('MEDIUM', 'Medium'), ('HIGH', 'High')], max_length=6)),
                ('parameters', models.JSONField(help_text='As accounts.monitoring.typologies reads them.')),
                ('effective_from', models.DateField()),
                ('source', models.CharField(max_length=140)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approval', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
            ],
        ),
        migrations.AddField(
            model_name='alert',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='accounts.monitorrule'),
        ),
        migrations.CreateModel(
            name='AlertEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('in', 'In'), ('out', 'Out')], max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, help_text='In KES.', max_digits=20)),
                ('at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.ledgeraccount')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='accounts.alert')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'verbose_name_plural': 'alert entries',
                'constraints': [models.UniqueConstraint(fields=('alert', 'entry', 'account', 'direction'), name='monitor_alert_names_a_movement_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lt', 10000000000000000)), name='monitor_amount_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='AlertHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=500)),
                ('figures', models.JSONField(default=dict)),
                ('found_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hits', to='accounts.alert')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('alert', 'entry'), name='monitor_alert_is_hit_once_by_an_entry')],
            },
        ),
        migrations.AddConstraint(
            model_name='monitorcase',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('INVESTIGATION', 'MLRO_REVIEW'))), fields=('customer',), name='monitor_one_running_case_a_customer'),
        ),
        migrations.AddConstraint(
            model_name='monitorcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'STR_FILED'), _negated=True), models.Q(('report_no', ''), _negated=True), _connector='OR'), name='monitor_report_has_a_number'),
        ),
        migrations.AddConstraint(
            model_name='monitorcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('report_due_at__isnull', True), ('suspicion_formed_at__isnull', True)), ('report_due_at__gt', models.F('suspicion_formed_at')), _connector='OR'), name='monitor_suspicion_starts_the_clock'),
        ),
        migrations.AddConstraint(
            model_name='monitorclock',
            constraint=models.UniqueConstraint(fields=('kind', 'effective_from'), name='monitor_one_clock_a_kind_and_start'),
        ),
        migrations.AddConstraint(
            model_name='monitorclock',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('hours__lte', 17568)), name='monitor_clock_runs_an_hour_to_two_years'),
        ),
        migrations.AddConstraint(
            model_name='monitornote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('alert__isnull', True), ('case__isnull', False)), models.Q(('alert__isnull', False), ('case__isnull', True)), _connector='OR'), name='monitor_note_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='monitornote',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='monitor_note_says_something'),
        ),
        migrations.AddConstraint(
            model_name='monitorrule',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='monitor_one_version_of_a_number'),
        ),
        migrations.AddConstraint(
            model_name='monitorrule',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='monitor_versions_count_from_one'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('state__in', ('OPEN', 'TRIAGE'))), fields=['due_at'], name='monitor_alerts_that_wait'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('customer', 'rule', 'window_start'), name='monitor_one_alert_a_rule_customer_and_window'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'CASE'), _negated=True), ('case__isnull', False), _connector='OR'), name='monitor_alert_in_a_case_names_it'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'OPEN'), models.Q(('taken_by', ''), _negated=True), _connector='OR'), name='monitor_alert_is_taken_by_somebody'),
        ),
        rights.take({f"accounts_{name}": rights.ADD_ONLY for name in (*KEPT, *MOVES)}),
        rights.give({f"accounts_{name}": f"UPDATE ({columns})" for name, columns in MOVES.items()}),
        rights.take({"accounts_monitormark": "INSERT"}),
        *(
            rights.takes_two(
                f"accounts_{name}", deed, event=event, when=when, name=f"monitor_takes_two_{number}"
            )
            for number, (name, deed, event, when) in enumerate(TAKES_TWO)
        ),
    ]
