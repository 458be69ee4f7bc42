"""Payments that are taken back or pay as of an earlier day, and loans that live those days again."""


import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0024_papers_of_loans'),
        ('ledger', '0018_committees'),
        ('lending', '0059_letters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('since', models.DateField(help_text='The business date from which on all is as it should be.')),
                ('interest', models.DecimalField(decimal_places=4, max_digits=20)),
                ('penalty', models.DecimalField(decimal_places=4, max_digits=20)),
                ('suspended_interest', models.DecimalField(decimal_places=4, max_digits=20)),
                ('suspended_penalty', models.DecimalField(decimal_places=4, max_digits=20)),
                ('owed_before', models.DecimalField(decimal_places=4, max_digits=20)),
                ('owed_after', models.DecimalField(decimal_places=4, max_digits=20)),
                ('business_date', models.DateField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReplayTerm',
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
            model_name='loanearning',
            name='loan_earns_a_part_once_a_day',
        ),
        migrations.RemoveConstraint(
            model_name='loanearning',
            name='loan_earning_is_sound',
        ),
        migrations.RemoveConstraint(
            model_name='repayment',
            name='repayment_is_sound',
        ),
        migrations.RemoveConstraint(
            model_name='suspensemove',
            name='suspense_moves_once_a_day',
        ),
        migrations.RemoveConstraint(
            model_name='suspensemove',
            name='suspense_move_has_an_entry',
        ),
        migrations.AddField(
            model_name='repayment',
            name='replaces',
            field=models.OneToOneField(help_text='The payment that was taken back and is booked anew by this one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacement', to='lending.repayment'),
        ),
        migrations.AddField(
            model_name='repayment',
            name='reverses',
            field=models.OneToOneField(help_text='The payment whose mirror this is.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='lending.repayment'),
        ),
        migrations.AddField(
            model_name='repayment',
            name='value_date',
            field=models.DateField(help_text='As of which it pays.', null=True),
        ),
        migrations.AlterField(
            model_name='repayment',
            name='business_date',
            field=models.DateField(help_text='On which it was booked.'),
        ),
        migrations.AlterField(
            model_name='repayment',
            name='channel',
            field=models.CharField(choices=[('CUSTOMER', 'By the customer'), ('SWEEP', 'Collected on or after the due date'), ('STANDING', 'By a standing instruction'), ('EARLIER', 'Received earlier, paid in later')], max_length=8),
        ),
        migrations.AlterField(
            model_name='scheduleversion',
            name='why',
            field=models.CharField(choices=[('PAID_AHEAD', 'Paid ahead'), ('RESTRUCTURED', 'Agreed anew'), ('REPLAYED', 'As before payments that were taken back')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), _negated=True), models.Q(models.Q(('instalment__isnull', True), ('part__in', ('PENALTY', 'LATE', 'FEE', 'WRITTEN_OFF'))), models.Q(('instalment__isnull', False), ('part__in', ['INTEREST', 'PRINCIPAL'])), _connector='OR')), name='allocation_is_sound'),
        ),
        migrations.AddField(
            model_name='replay',
            name='approval',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval'),
        ),
        migrations.AddField(
            model_name='replay',
            name='entry',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry'),
        ),
        migrations.AddField(
            model_name='replay',
            name='loan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replays', to='lending.loan'),
        ),
        migrations.AddField(
            model_name='replay',
            name='reversed',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_back_by', to='lending.repayment'),
        ),
        migrations.AddField(
            model_name='loanearning',
            name='replay',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='earnings', to='lending.replay'),
        ),
        migrations.AddField(
            model_name='repayment',
            name='replay',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='lending.replay'),
        ),
        migrations.AddField(
            model_name='suspensemove',
            name='replay',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suspense_move', to='lending.replay'),
        ),
        migrations.AddIndex(
            model_name='loanearning',
            index=models.Index(condition=models.Q(('replay', None), _negated=True), fields=['replay'], name='loan_earnings_of_a_replay'),
        ),
        migrations.AddConstraint(
            model_name='loanearning',
            constraint=models.UniqueConstraint(condition=models.Q(('replay', None)), fields=('loan', 'part', 'business_date'), name='loan_earns_a_part_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='loanearning',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('amount__gte', 0), ('exact__gte', 0)), models.Q(('amount__lte', 0), ('exact__lte', 0), ('replay__isnull', False)), _connector='OR'), ('part__in', ['INTEREST', 'LATE', 'PENALTY']), models.Q(('amount', 0), ('exact', 0), _negated=True)), name='loan_earning_is_sound'),
        ),
        migrations.AddConstraint(
            model_name='repayment',
            constraint=models.CheckConstraint(condition=models.Q(('owed_after__gte', 0), models.Q(models.Q(('amount__gt', 0), ('reverses__isnull', True), ('suspended__gte', 0), ('unearned__gte', 0)), models.Q(('amount__lt', 0), ('reverses__isnull', False), ('suspended__lte', 0), ('unearned__lte', 0)), _connector='OR')), name='repayment_is_sound'),
        ),
        migrations.AddConstraint(
            model_name='repayment',
            constraint=models.CheckConstraint(condition=models.Q(('replay__isnull', False), models.Q(('replaces__isnull', True), ('reverses__isnull', True)), _connector='OR'), name='repayment_is_replayed_by_a_replay'),
        ),
        migrations.AddConstraint(
            model_name='suspensemove',
            constraint=models.UniqueConstraint(condition=models.Q(('replay', None)), fields=('loan', 'business_date'), name='suspense_moves_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='suspensemove',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('interest', 0), ('penalty', 0)), models.Q(('entry__isnull', False), ('interest__gte', 0), ('penalty__gte', 0)), models.Q(('entry__isnull', False), ('replay__isnull', False)), _connector='OR'), name='suspense_move_has_an_entry'),
        ),
        migrations.AddField(
            model_name='replayterm',
            name='approval',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval'),
        ),
        migrations.AddConstraint(
            model_name='replay',
            constraint=models.CheckConstraint(condition=models.Q(('entry__isnull', False), models.Q(('interest', 0), ('penalty', 0), ('suspended_interest', 0), ('suspended_penalty', 0)), _connector='OR'), name='replay_changes_have_an_entry'),
        ),
        migrations.AddConstraint(
            model_name='replay',
            constraint=models.CheckConstraint(condition=models.Q(('owed_after__gte', 0), ('owed_before__gte', 0)), name='replay_is_sound'),
        ),
        migrations.AddConstraint(
            model_name='replayterm',
            constraint=models.UniqueConstraint(fields=('kind', 'effective_from'), name='replayterm_one_row_a_kind_and_start'),
        ),
        migrations.AddConstraint(
            model_name='replayterm',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='replayterm_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='replayterm',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='replayterm_number_is_positive'),
        ),
    ]
