"""On which line of the books each role of lending stands, as dated rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0018_committees'),
        ('lending', '0072_watch_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='LendingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('role', models.CharField(choices=[('INTEREST_OWED', 'Interest that is owed'), ('PENALTIES_OWED', 'Penalties that are owed'), ('INTEREST_INCOME', 'Interest as income'), ('PENALTY_INCOME', 'Penalties as income'), ('FEES_DEFERRED', 'Fees that are no income yet'), ('FEE_INCOME', 'Fees as income'), ('SUSPENSE', 'Interest and penalties in suspense')], max_length=15)),
                ('line', models.CharField(help_text='The code of a line of the chart.', max_length=20)),
                ('approval', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('role', 'effective_from'), name='lending_one_line_a_role_and_start'), models.CheckConstraint(condition=models.Q(('role__in', ['INTEREST_OWED', 'PENALTIES_OWED', 'INTEREST_INCOME', 'PENALTY_INCOME', 'FEES_DEFERRED', 'FEE_INCOME', 'SUSPENSE'])), name='lending_line_has_a_role'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True)), name='lending_line_ends_with_the_next', violation_error_message='The next row ends it. Leave its last day empty')],
            },
        ),
    ]
