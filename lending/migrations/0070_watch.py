"""What is known of borrowers, and what each kind of it does."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0025_letters'),
        ('ledger', '0018_committees'),
        ('lending', '0069_allocation_orders_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='BorrowerMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('kind', models.CharField(choices=[('WATCH', 'On the watch-list'), ('DECEASED', 'Deceased'), ('BANKRUPT', 'Bankrupt'), ('FRAUD', 'Fraud')], max_length=8)),
                ('since', models.DateField(help_text='The business date from which on it counts.')),
                ('ended_date', models.DateField(help_text='The business date from which on it counts no more.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('approval', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
                ('business', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='accounts.business')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='accounts.customer')),
                ('put', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('business__isnull', False), ('customer__isnull', True)), models.Q(('business__isnull', True), ('customer__isnull', False)), _connector='OR'), name='borrower_mark_is_of_one'), models.UniqueConstraint(condition=models.Q(('ended_date', None)), fields=('customer', 'kind'), name='borrower_mark_stands_once_of_a_customer'), models.UniqueConstraint(condition=models.Q(('ended_date', None)), fields=('business', 'kind'), name='borrower_mark_stands_once_of_a_business'), models.CheckConstraint(condition=models.Q(models.Q(('approval', models.F('put')), ('ended_date', None)), models.Q(('ended_date__gte', models.F('since')), models.Q(('approval', models.F('put')), _negated=True)), _connector='OR'), name='borrower_mark_is_lifted_by_an_approval')],
            },
        ),
        migrations.CreateModel(
            name='WatchTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('WATCH', 'On the watch-list'), ('DECEASED', 'Deceased'), ('BANKRUPT', 'Bankrupt'), ('FRAUD', 'Fraud')], max_length=8)),
                ('stage', models.SmallIntegerField(choices=[(1, 'Stage 1'), (2, 'Stage 2'), (3, 'Stage 3')])),
                ('declines', models.BooleanField(default=False)),
                ('approval', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'effective_from'), name='watch_one_term_a_kind_and_start'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='watch_term_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('stage__in', [1, 2, 3])), name='watch_term_is_of_a_stage')],
            },
        ),
    ]
