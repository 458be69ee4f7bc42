"""Instalments are due once, weekly, every two weeks or monthly: no product has dates of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lending', '0075_lines_guards'),
    ]

    operations = [
        migrations.AlterField(
            model_name='loanterm',
            name='frequency',
            field=models.CharField(choices=[('ONCE', 'Once, at the end'), ('WEEKLY', 'Every week'), ('BIWEEKLY', 'Every two weeks'), ('MONTHLY', 'Every month')], max_length=10),
        ),
    ]
