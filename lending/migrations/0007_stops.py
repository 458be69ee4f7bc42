"""
Stops of lending and what they blocked. A stop is lifted by two persons, once, and nothing else of
it changes; attempts are kept as they were. Who may stop and lift comes from accounts/staff/data.
"""

import uuid
from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from wekeza.kit import rights, seeds

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
DROP TRIGGER lending_stop_stays ON lending_lendingstop;
DROP FUNCTION lending_stop_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0021_words_of_dated_terms'),
        ('ledger', '0017_vouchers_guards'),
        ('lending', '0006_bureau_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='LendingStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('scope', models.CharField(choices=[('ALL', 'All lending'), ('SEGMENT', 'Every loan of a kind of customer'), ('PRODUCT', 'One product')], max_length=7)),
                ('segment', models.CharField(blank=True, choices=[('RETAIL', 'For people'), ('BUSINESS', 'For businesses')], default='', max_length=8)),
                ('reason', models.CharField(help_text='For staff; customers never read it.', max_length=500)),
                ('stopped_by', models.CharField(max_length=80)),
                ('stopped_at', models.DateTimeField()),
                ('lifted_by', models.CharField(blank=True, default='', max_length=80)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('approval', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lending.loanproduct')),
            ],
        ),
        migrations.CreateModel(
            name='StoppedAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('APPLICATION', 'Application'), ('OFFER', 'Offer'), ('DISBURSEMENT', 'Disbursement')], max_length=12)),
                ('amount', models.DecimalField(blank=True, decimal_places=4, help_text='In KES.', max_digits=20, null=True)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.customer')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lending.loanproduct')),
                ('stop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='lending.lendingstop')),
            ],
        ),
        migrations.AddConstraint(
            model_name='lendingstop',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('product', None), ('scope', 'ALL'), ('segment', '')), models.Q(('product', None), ('scope', 'SEGMENT'), ('segment__in', ['RETAIL', 'BUSINESS'])), models.Q(('product__isnull', False), ('scope', 'PRODUCT'), ('segment', '')), _connector='OR'), name='lending_stop_names_what_it_stops'),
        ),
        migrations.AddConstraint(
            model_name='lendingstop',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('scope', 'segment', 'product'), name='lending_one_open_stop_a_scope', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='lendingstop',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S.{8,}\\S'), models.Q(('stopped_by', ''), _negated=True)), name='lending_stop_says_why_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='lendingstop',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approval', None), ('lifted_at', None), ('lifted_by', '')), models.Q(('approval__isnull', False), ('lifted_at__gte', models.F('stopped_at')), models.Q(('lifted_by', ''), _negated=True)), _connector='OR'), name='lending_stop_is_lifted_by_an_approval'),
        ),
        migrations.AddIndex(
            model_name='stoppedattempt',
            index=models.Index(fields=['stop', '-id'], name='lending_attempts_of_a_stop'),
        ),
        migrations.AddConstraint(
            model_name='stoppedattempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), models.Q(('amount__gte', 0), ('amount__lt', 10000000000000000)), _connector='OR'), models.Q(('actor', ''), _negated=True)), name='lending_attempt_is_sound'),
        ),
        migrations.RunSQL(SQL, UNDO),
        rights.take({
            "lending_lendingstop": rights.ADD_ONLY,
            "lending_stoppedattempt": rights.ADD_ONLY,
        }),
        rights.give({
            "lending_lendingstop": "UPDATE (lifted_at, lifted_by, approval_id, updated_at)",
        }),
        rights.takes_two(
            "lending_lendingstop",
            "lending.lift_stop",
            event="AFTER INSERT OR UPDATE OF lifted_at",
            when="NEW.lifted_at IS NOT NULL",
        ),
        seeds.permits("lending.look", "lending.stop", "lending.lift", deeds=["lending.lift_stop"]),
    ]
