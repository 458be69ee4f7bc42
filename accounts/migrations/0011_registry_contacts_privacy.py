"""Identity checks, further phones and addresses, requests of customers, and who saw a file."""

from pathlib import Path

from django.conf import settings
import django.db.models.deletion
import uuid
import wekeza.kit.encryption
from django.db import migrations, models

from wekeza.kit import rights


SQL = (Path(__file__).parent / "0011_one_phone_one_customer.sql").read_text()
# What is written stays, or only goes on; thresholds and terms are only read.
KEPT = {
    "accounts_datarequest": "DELETE",
    "accounts_fileview": "UPDATE, DELETE",
    "accounts_identitycheck": "DELETE",
    "accounts_matchthreshold": "INSERT, UPDATE, DELETE",
    "accounts_privacyterm": "INSERT, UPDATE, DELETE",
    "accounts_profilechange": "DELETE",
}


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_kyc_seed'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchThreshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('SAME_NAME', 'One name is the other, spelled another way'), ('ID_NAMES_MATCH', "Names match the register's"), ('ID_NAMES_PARTIAL', "Names match the register's in part"), ('PHONE_NAMES_MATCH', "Names match the network's"), ('PHONE_NAMES_PARTIAL', "Names match the network's in part")], max_length=20)),
                ('least_percent', models.SmallIntegerField()),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'effective_from'), name='registry_one_threshold_a_kind_and_start'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='registry_thresholds_end_after_they_start'), models.CheckConstraint(condition=models.Q(('least_percent__gte', 1), ('least_percent__lte', 100)), name='registry_threshold_is_a_percentage')],
            },
        ),
        migrations.CreateModel(
            name='PrivacyTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ANSWER_DAYS', 'Days until a request is answered'), ('KEEP_YEARS', 'Years for which records are kept')], max_length=12)),
                ('value', models.SmallIntegerField()),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'effective_from'), name='privacy_one_term_a_kind_and_start'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='privacy_terms_end_after_they_start'), models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='privacy_term_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('kind', models.CharField(choices=[('HOME', 'Home'), ('WORK', 'Work'), ('POSTAL', 'Postal box')], default='HOME', max_length=6)),
                ('line', models.CharField(max_length=200)),
                ('town', models.CharField(blank=True, default='', max_length=80)),
                ('county', models.CharField(blank=True, choices=[('01', 'Mombasa'), ('02', 'Kwale'), ('03', 'Kilifi'), ('04', 'Tana River'), ('05', 'Lamu'), ('06', 'Taita-Taveta'), ('07', 'Garissa'), ('08', 'Wajir'), ('09', 'Mandera'), ('10', 'Marsabit'), ('11', 'Isiolo'), ('12', 'Meru'), ('13', 'Tharaka-Nithi'), ('14', 'Embu'), ('15', 'Kitui'), ('16', 'Machakos'), ('17', 'Makueni'), ('18', 'Nyandarua'), ('19', 'Nyeri'), ('20', 'Kirinyaga'), ('21', 'Murang’a'), ('22', 'Kiambu'), ('23', 'Turkana'), ('24', 'West Pokot'), ('25', 'Samburu'), ('26', 'Trans Nzoia'), ('27', 'Uasin Gishu'), ('28', 'Elgeyo-Marakwet'), ('29', 'Nandi'), ('30', 'Baringo'), ('31', 'Laikipia'), ('32', 'Nakuru'), ('33', 'Narok'), ('34', 'Kajiado'), ('35', 'Kericho'), ('36', 'Bomet'), ('37', 'Kakamega'), ('38', 'Vihiga'), ('39', 'Bungoma'), ('40', 'Busia'), ('41', 'Siaya'), ('42', 'Kisumu'), ('43', 'Homa Bay'), ('44', 'Migori'), ('45', 'Kisii'), ('46', 'Nyamira'), ('47', 'Nairobi')], default='', max_length=2)),
                ('is_main', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='accounts.customer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_main', True)), fields=('customer',), name='customers_one_main_address')],
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('kind', models.CharField(choices=[('DOWNLOAD', 'A copy of my data'), ('OBJECTION', 'Stop using my data for something'), ('ERASURE', 'Erase my data')], max_length=9)),
                ('words', models.CharField(blank=True, default='', max_length=1000)),
                ('state', models.CharField(choices=[('OPEN', 'We are working on it'), ('ANSWERED', 'Answered')], default='OPEN', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('due_date', models.DateField(help_text='The last Nairobi day for the answer.')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, default='', max_length=80)),
                ('answer', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='accounts.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', '-id'], name='privacy_requests_of_customer'), models.Index(condition=models.Q(('state', 'OPEN')), fields=['due_date'], name='privacy_open_requests')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'OPEN'), ('answered_at__isnull', False), _connector='OR'), name='privacy_an_answer_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='FileView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=80)),
                ('role', models.CharField(blank=True, default='', max_length=60)),
                ('purpose', models.CharField(choices=[('CALL', 'You called us'), ('VISIT', 'You were at a branch'), ('REVIEW', 'To check your documents'), ('PAYMENT', 'To look into a payment'), ('COMPLAINT', 'To answer your complaint'), ('LENDING', 'To decide on a loan'), ('CONTROL', 'To check the bank’s own work'), ('INVESTIGATION', 'To follow the law')], max_length=13)),
                ('words', models.CharField(blank=True, default='', help_text='For the bank only.', max_length=200)),
                ('at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='file_views', to='accounts.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', '-id'], name='privacy_views_of_customer')],
            },
        ),
        migrations.CreateModel(
            name='FurtherPhone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('phone', wekeza.kit.encryption.EncryptedTextField(context='further_phone.phone', bound_to=('public_id',))),
                ('phone_index', models.CharField(max_length=64)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='further_phones', to='accounts.customer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('phone_index',), name='customers_further_phone_belongs_to_one_customer'), models.UniqueConstraint(fields=('customer', 'phone_index'), name='customers_further_phone_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='IdentityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('kind', models.CharField(choices=[('ID', 'National register'), ('PHONE', 'Owner of the phone')], max_length=5)),
                ('facts_hash', models.CharField(help_text='Keyed hash of what was asked about.', max_length=64)),
                ('state', models.CharField(choices=[('PENDING', 'Being asked'), ('MATCH', 'Matches'), ('PARTIAL', 'Matches in part'), ('MISMATCH', 'Does not match'), ('NOT_FOUND', 'Not on record'), ('UNKNOWN', 'No answer yet'), ('SUPERSEDED', 'Asked anew with other details')], default='PENDING', max_length=10)),
                ('scores', models.JSONField(default=dict)),
                ('differing', models.JSONField(default=list)),
                ('is_deceased', models.BooleanField(default=False)),
                ('provider', models.CharField(blank=True, default='', max_length=20)),
                ('provider_ref', models.CharField(blank=True, default='', max_length=60)),
                ('raw', wekeza.kit.encryption.EncryptedTextField(blank=True, context='identity_check.raw', bound_to=('public_id',), default='')),
                ('error', models.CharField(blank=True, default='', max_length=120)),
                ('asked_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('finding', models.CharField(blank=True, choices=[('GENUINE', 'Seen, and genuine'), ('DOUBTFUL', 'The doubt stands')], default='', max_length=8)),
                ('finding_reason', models.CharField(blank=True, default='', max_length=400)),
                ('settled_by', models.CharField(blank=True, default='', max_length=80)),
                ('settled_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_checks', to='accounts.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', 'kind', '-id'], name='registry_of_customer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('PENDING', 'UNKNOWN'))), fields=('customer', 'kind'), name='registry_one_open_question_of_a_kind'), models.CheckConstraint(condition=models.Q(('is_deceased', True), ('state', 'MATCH'), _negated=True), name='registry_the_dead_open_no_accounts'), models.CheckConstraint(condition=models.Q(('finding', 'GENUINE'), ('is_deceased', True), _negated=True), name='registry_nobody_finds_the_dead_genuine'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['MATCH', 'MISMATCH', 'NOT_FOUND', 'PARTIAL']), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='registry_an_answer_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='MessageChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('MONEY_IN', 'Text me when money comes in')], max_length=10)),
                ('is_wanted', models.BooleanField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='message_choices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'topic'), name='notifications_one_choice_a_topic')],
            },
        ),
        migrations.CreateModel(
            name='ProfileChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('field', models.CharField(choices=[('full_name', 'Full name'), ('national_id', 'ID number'), ('date_of_birth', 'Date of birth')], max_length=14)),
                ('before', wekeza.kit.encryption.EncryptedTextField(context='profile_change.before', bound_to=('public_id',))),
                ('after', wekeza.kit.encryption.EncryptedTextField(context='profile_change.after', bound_to=('public_id',))),
                ('reason', models.CharField(max_length=400)),
                ('state', models.CharField(choices=[('WAITING', 'Waiting for approval. Your details have not changed.'), ('APPROVED', 'Approved. Your details have changed.'), ('REJECTED', 'Not approved. Your details have not changed.'), ('WITHDRAWN', 'You took it back. Your details have not changed.')], default='WAITING', max_length=9)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, default='', max_length=80)),
                ('answer', models.CharField(blank=True, default='', max_length=400)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='accounts.customer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('customer', 'field'), name='customers_one_waiting_change_of_a_field'), models.CheckConstraint(condition=models.Q(('state', 'WAITING'), ('decided_at__isnull', False), _connector='OR'), name='customers_a_decided_change_has_its_moment')],
            },
        ),
        rights.take(KEPT),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
