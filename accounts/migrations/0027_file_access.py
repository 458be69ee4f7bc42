"""Restricted files opened to one person; the table takes no row without a second one."""

import django.db.models.deletion
from django.db import migrations, models

from wekeza.kit import rights


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0026_terms_of_rooms_guards'),
        ('ledger', '0012_door_keys_rotate'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fileview',
            name='purpose',
            field=models.CharField(choices=[('CALL', 'You called us'), ('VISIT', 'You were at a branch'), ('REVIEW', 'To check your documents'), ('REQUEST', 'To do what you asked for'), ('PAYMENT', 'To look into a payment'), ('COMPLAINT', 'To answer your complaint'), ('LENDING', 'To decide on a loan'), ('CONTROL', 'To check the bank’s own work'), ('INVESTIGATION', 'To follow the law')], max_length=13),
        ),
        migrations.AlterField(
            model_name='privacyterm',
            name='kind',
            field=models.CharField(choices=[('ANSWER_DAYS', 'Days until a request is answered'), ('KEEP_YEARS', 'Years for which records are kept'), ('ACCESS_HOURS', 'Hours for which a restricted file is opened')], max_length=12),
        ),
        migrations.CreateModel(
            name='FileAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=80)),
                ('begun_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('approval', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.approval')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='file_accesses', to='accounts.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', 'ends_at'], name='privacy_accesses_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begun_at'))), name='privacy_an_access_ends_after_it_began')],
            },
        ),
        rights.take({"accounts_fileaccess": rights.ADD_ONLY}),
        rights.takes_two("accounts_fileaccess", "customers.open_restricted"),
    ]
