"""In which order payments pay, as dated rows; each payment keeps the one that divided it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0025_letters'),
        ('ledger', '0018_committees'),
        ('lending', '0066_loan_periods_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='AllocationOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('standing', models.CharField(choices=[('PERFORMING', 'Loans that perform'), ('BAD', 'Loans that perform no more')], max_length=10)),
                ('first', models.CharField(choices=[('PENALTY', 'Penalty'), ('LATE', 'Interest for days late'), ('INTEREST', 'Interest'), ('PRINCIPAL', 'Principal')], max_length=9)),
                ('second', models.CharField(choices=[('PENALTY', 'Penalty'), ('LATE', 'Interest for days late'), ('INTEREST', 'Interest'), ('PRINCIPAL', 'Principal')], max_length=9)),
                ('third', models.CharField(choices=[('PENALTY', 'Penalty'), ('LATE', 'Interest for days late'), ('INTEREST', 'Interest'), ('PRINCIPAL', 'Principal')], max_length=9)),
                ('fourth', models.CharField(choices=[('PENALTY', 'Penalty'), ('LATE', 'Interest for days late'), ('INTEREST', 'Interest'), ('PRINCIPAL', 'Principal')], max_length=9)),
                ('approval', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocation_orders', to='lending.loanproduct')),
            ],
        ),
        migrations.AddField(
            model_name='repayment',
            name='order',
            field=models.ForeignKey(help_text='By which it was divided; a loan off the books has but one part.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lending.allocationorder'),
        ),
        migrations.AddConstraint(
            model_name='allocationorder',
            constraint=models.UniqueConstraint(fields=('product', 'standing', 'effective_from'), name='allocation_one_order_a_standing_and_start'),
        ),
        migrations.AddConstraint(
            model_name='allocationorder',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='allocation_order_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='allocationorder',
            constraint=models.CheckConstraint(condition=models.Q(('first__in', ('PENALTY', 'LATE', 'INTEREST', 'PRINCIPAL')), ('fourth__in', ('PENALTY', 'LATE', 'INTEREST', 'PRINCIPAL')), ('second__in', ('PENALTY', 'LATE', 'INTEREST', 'PRINCIPAL')), ('third__in', ('PENALTY', 'LATE', 'INTEREST', 'PRINCIPAL')), ('standing__in', ['PERFORMING', 'BAD'])), name='allocation_order_knows_its_parts'),
        ),
        migrations.AddConstraint(
            model_name='allocationorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first__in', [models.F('second'), models.F('third'), models.F('fourth')]), _negated=True), models.Q(('second__in', [models.F('third'), models.F('fourth')]), _negated=True), models.Q(('third', models.F('fourth')), _negated=True)), name='allocation_order_has_each_part_once', violation_error_message='A part stands twice. Give each part one place'),
        ),
    ]
