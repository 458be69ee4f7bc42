"""Loans that were written off, and what was paid of them since."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0022_what_fraud_looks_at'),
        ('ledger', '0018_committees'),
        ('lending', '0031_versions_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('loan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='write_off', serialize=False, to='lending.loan')),
                ('principal', models.DecimalField(decimal_places=4, max_digits=20)),
                ('interest', models.DecimalField(decimal_places=4, max_digits=20)),
                ('penalty', models.DecimalField(decimal_places=4, max_digits=20)),
                ('suspended', models.DecimalField(decimal_places=4, max_digits=20)),
                ('provided', models.DecimalField(decimal_places=4, max_digits=20)),
                ('expensed', models.DecimalField(decimal_places=4, max_digits=20)),
                ('days_late', models.IntegerField()),
                ('business_date', models.DateField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='WriteOffTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(max_length=30)),
                ('number', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='allocation',
            name='allocation_is_sound',
        ),
        migrations.RemoveConstraint(
            model_name='loan',
            name='loan_one_active_of_a_product',
        ),
        migrations.RemoveConstraint(
            model_name='loan',
            name='loan_is_paid_on_a_day',
        ),
        migrations.AlterField(
            model_name='allocation',
            name='part',
            field=models.CharField(choices=[('PENALTY', 'Penalty'), ('LATE', 'Interest for days late'), ('INTEREST', 'Interest'), ('PRINCIPAL', 'Principal'), ('FEE', 'Fee for paying ahead'), ('WRITTEN_OFF', 'What is left of the loan')], max_length=11),
        ),
        migrations.AlterField(
            model_name='loan',
            name='state',
            field=models.CharField(choices=[('ACTIVE', 'Active'), ('PAID', 'Paid'), ('WRITTEN_OFF', 'Written off'), ('RECOVERED', 'Paid after it was written off')], default='ACTIVE', max_length=11),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(models.Q(('instalment__isnull', True), ('part__in', ('PENALTY', 'LATE', 'FEE', 'WRITTEN_OFF'))), models.Q(('instalment__isnull', False), ('part__in', ['INTEREST', 'PRINCIPAL'])), _connector='OR')), name='allocation_is_sound'),
        ),
        migrations.AddConstraint(
            model_name='loan',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['ACTIVE', 'WRITTEN_OFF'])), fields=('customer', 'product'), name='loan_one_active_of_a_product'),
        ),
        migrations.AddConstraint(
            model_name='loan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_date__isnull', False), ('state__in', ['PAID', 'RECOVERED'])), models.Q(('paid_date__isnull', True), ('state__in', ['ACTIVE', 'WRITTEN_OFF'])), _connector='OR'), name='loan_is_paid_on_a_day'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='approval',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='provision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lending.loanprovision'),
        ),
        migrations.AddField(
            model_name='repayment',
            name='write_off',
            field=models.ForeignKey(help_text='Of a loan that was off the books: all of it is income.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='lending.writeoff'),
        ),
        migrations.AddField(
            model_name='writeoffterm',
            name='approval',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(('interest__gte', 0), ('penalty__gte', 0), ('principal__gt', 0), ('expensed__gte', 0), ('provided__gte', 0), ('suspended__gte', 0)), name='write_off_is_sound'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(('principal', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('suspended'), '+', models.F('provided')), '+', models.F('expensed')), '-', models.F('interest')), '-', models.F('penalty')))), name='write_off_is_borne_whole'),
        ),
        migrations.AddConstraint(
            model_name='writeoffterm',
            constraint=models.UniqueConstraint(fields=('kind', 'effective_from'), name='writeoffterm_one_row_a_kind_and_start'),
        ),
        migrations.AddConstraint(
            model_name='writeoffterm',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='writeoffterm_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='writeoffterm',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='writeoffterm_number_is_positive'),
        ),
    ]
