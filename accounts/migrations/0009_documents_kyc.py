"""Documents and KYC: the tables, and what the application may do with them."""

import django.db.models.deletion
import uuid
import wekeza.kit.encryption
import wekeza.kit.sealed_files
from django.conf import settings
from django.db import migrations, models

from wekeza.kit import rights


# What was seen stays; records are moved on, never deleted; the terms are only read.
RIGHTS = {
    "accounts_documentview": "UPDATE, DELETE",
    "accounts_document": "DELETE",
    "accounts_submission": "DELETE",
    "accounts_review": "DELETE",
    "accounts_expirynotice": "DELETE",
    "accounts_declaredfacts": "DELETE",
    "accounts_documentterm": "INSERT, UPDATE, DELETE",
    "accounts_kycterm": "INSERT, UPDATE, DELETE",
    "accounts_tierrequirement": "INSERT, UPDATE, DELETE",
}


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_terms_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('owner_ref', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('ID_FRONT', 'Front of your ID'), ('ID_BACK', 'Back of your ID'), ('SELFIE', 'Photo of your face'), ('PASSPORT', 'Passport'), ('PROOF_OF_ADDRESS', 'Proof of address'), ('PROOF_OF_INCOME', 'Proof of income'), ('REGISTRY_EXTRACT', 'Extract of the business registry'), ('RESOLUTION', 'Resolution to open the account'), ('OTHER', 'Other paper')], max_length=20)),
                ('state', models.CharField(choices=[('STAGED', 'Waiting for us'), ('ACTIVE', 'Accepted'), ('DECLINED', 'Not accepted'), ('EXPIRED', 'Expired'), ('DISPOSED', 'Disposed of')], default='STAGED', max_length=8)),
                ('content_type', models.CharField(max_length=20)),
                ('size_bytes', models.PositiveIntegerField(help_text='Of the clean copy.')),
                ('pages', models.PositiveSmallIntegerField()),
                ('pixels', models.PositiveIntegerField(help_text='0 of a PDF.')),
                ('file', wekeza.kit.sealed_files.SealedFileField(blank=True, bound_to=('public_id', 'kind'), context='document.file', default='', max_length=80)),
                ('thumbnail', wekeza.kit.sealed_files.SealedFileField(blank=True, bound_to=('public_id', 'kind'), context='document.thumbnail', default='', max_length=80)),
                ('content_index', models.CharField(help_text='Keyed hash, by owner, of what was uploaded.', max_length=64)),
                ('issued_date', models.DateField(help_text='As it stands on the paper.', null=True)),
                ('expires_date', models.DateField(help_text="The paper's last day.", null=True)),
                ('uploaded_by', models.CharField(max_length=80)),
                ('uploaded_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, default='', max_length=80)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=140)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='accounts.customer')),
            ],
        ),
        migrations.CreateModel(
            name='DocumentTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('number', models.BigIntegerField()),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('kind', 'effective_from'), name='documentterm_one_row_a_kind_and_start'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='documentterm_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='documentterm_number_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='DocumentView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=80)),
                ('part', models.CharField(max_length=9)),
                ('why', models.CharField(max_length=140)),
                ('seen_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='views', to='accounts.document')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='KycTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('number', models.BigIntegerField()),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('kind', 'effective_from'), name='kycterm_one_row_a_kind_and_start'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='kycterm_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='kycterm_number_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('risk', models.CharField(choices=[('LOW', 'Low'), ('MEDIUM', 'Medium'), ('HIGH', 'High')], max_length=6)),
                ('state', models.CharField(choices=[('CURRENT', 'Current'), ('REPLACED', 'Replaced'), ('LAPSED', 'Lapsed')], default='CURRENT', max_length=8)),
                ('reviewed_by', models.CharField(help_text='The maker.', max_length=80)),
                ('approved_by', models.CharField(help_text='The checker.', max_length=80)),
                ('reviewed_at', models.DateTimeField()),
                ('due_date', models.DateField(help_text='The last day on which it holds without a renewal.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='accounts.customer')),
                ('tier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tier')),
            ],
        ),
        migrations.CreateModel(
            name='ExpiryNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_date', models.DateField()),
                ('told_at', models.DateTimeField()),
                ('ends_date', models.DateField(help_text='From this day on the tier may be lowered.')),
                ('settled_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.customer')),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='accounts.document')),
                ('review', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='accounts.review')),
            ],
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('state', models.CharField(choices=[('OPEN', 'You are collecting'), ('SENT', 'We are checking'), ('RAISED', 'Accepted'), ('CANCELLED', 'Cancelled')], default='OPEN', max_length=9)),
                ('begun_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('answer_due_at', models.DateTimeField(help_text="The bank's own clock.", null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='accounts.customer')),
                ('tier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tier')),
            ],
        ),
        migrations.AddField(
            model_name='review',
            name='submission',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='accounts.submission'),
        ),
        migrations.CreateModel(
            name='TierRequirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('needs', models.CharField(help_text='A fact, or a kind of document.', max_length=20)),
                ('is_document', models.BooleanField()),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('tier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requirements', to='accounts.tier')),
            ],
        ),
        migrations.CreateModel(
            name='DeclaredFacts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kra_pin', wekeza.kit.encryption.EncryptedTextField(blank=True, context='kyc.kra_pin', bound_to=('customer_id',), default='')),
                ('kra_pin_index', models.CharField(blank=True, db_index=True, default='', max_length=64)),
                ('monthly_income', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ('currency', models.CharField(default='KES', max_length=3)),
                ('source_of_funds', models.CharField(blank=True, choices=[('SALARY', 'Salary'), ('BUSINESS', 'My business'), ('FARMING', 'Farming'), ('PENSION', 'Pension'), ('FAMILY', 'Family'), ('INVESTMENTS', 'Rent, shares or savings'), ('OTHER', 'Something else')], default='', max_length=12)),
                ('told_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='declared', to='accounts.customer')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('monthly_income__isnull', True), models.Q(('monthly_income__gte', 0), ('monthly_income__lt', 10000000000000000)), _connector='OR'), name='kyc_income_is_no_debt')],
            },
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['owner_ref', 'kind', '-id'], name='documents_of_owner'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('state', 'ACTIVE')), fields=['expires_date'], name='documents_that_expire'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['STAGED', 'ACTIVE'])), fields=('owner_ref', 'content_index'), name='documents_same_file_once_an_owner'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'STAGED'), models.Q(('kind', 'OTHER'), _negated=True)), fields=('owner_ref', 'kind'), name='documents_one_waiting_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('state', 'DISPOSED'), ('thumbnail', '')), models.Q(models.Q(('state', 'DISPOSED'), _negated=True), models.Q(('file', ''), _negated=True)), _connector='OR'), name='documents_have_a_file_until_disposed'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['ACTIVE', 'DECLINED']), _negated=True), models.Q(('decided_at__isnull', False), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='documents_decided_say_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'DECLINED'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='documents_declined_say_why'),
        ),
        migrations.AddIndex(
            model_name='documentview',
            index=models.Index(fields=['document', '-id'], name='documents_views_of_one'),
        ),
        migrations.AddConstraint(
            model_name='documentview',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='documents_views_say_why'),
        ),
        migrations.AddIndex(
            model_name='expirynotice',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['ends_date'], name='kyc_notices_running'),
        ),
        migrations.AddConstraint(
            model_name='expirynotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', True), ('review__isnull', False)), models.Q(('document__isnull', False), ('review__isnull', True)), _connector='OR'), name='kyc_a_notice_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='expirynotice',
            constraint=models.CheckConstraint(condition=models.Q(('ends_date__gt', models.F('due_date'))), name='kyc_a_notice_ends_after_its_day'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(condition=models.Q(('state', 'SENT')), fields=['answer_due_at'], name='kyc_queue_by_clock'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['OPEN', 'SENT'])), fields=('customer',), name='kyc_one_standing_request_a_customer'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'SENT'), _negated=True), models.Q(('answer_due_at__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='kyc_sent_requests_have_a_clock'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'CURRENT')), fields=('customer',), name='kyc_one_current_review_a_customer'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', models.F('approved_by')), _negated=True), name='kyc_reviews_have_two_people'),
        ),
        migrations.AddConstraint(
            model_name='tierrequirement',
            constraint=models.UniqueConstraint(fields=('tier', 'needs', 'effective_from'), name='kyc_a_tier_asks_once'),
        ),
        migrations.AddConstraint(
            model_name='tierrequirement',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='kyc_requirements_end_after_they_start'),
        ),
        migrations.AlterField(
            model_name='tierlimit',
            name='kind',
            field=models.CharField(choices=[('MAXIMUM_BALANCE', 'Maximum balance'), ('PER_TRANSFER', 'Each transfer'), ('DAILY_OUT', 'Out in a day'), ('MONTHLY_OUT', 'Out in a month'), ('LOAN_CAP', 'Borrowed at most'), ('PIN_UP_TO', 'Authorised by PIN alone, up to')], max_length=20),
        ),
        rights.take(RIGHTS),
    ]
