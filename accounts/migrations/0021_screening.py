"""Lists of people and companies to compare with, what was asked of them, and the cases."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from wekeza.kit import rights


# What the application role may not do: terms and lists are read, entries and runs are only added,
# cases and versions go on and never away.
KEPT = {
    "accounts_screeninglist": "INSERT, UPDATE, DELETE",
    "accounts_screeningterms": "INSERT, UPDATE, DELETE",
    "accounts_listentry": "UPDATE, DELETE",
    "accounts_screeningrun": "UPDATE, DELETE",
    "accounts_listversion": "DELETE",
    "accounts_screeningchunk": "DELETE",
    "accounts_hit": "DELETE",
    "accounts_listname": "UPDATE",
}


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_businesses_seed'),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='ScreeningList',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('SANCTIONS', 'Sanctions'), ('PEP', 'Politically exposed persons'), ('INTERNAL', 'Our own deny list')], max_length=10)),
                ('format', models.CharField(choices=[('OFAC_XML', 'OFAC, sdn.xml'), ('OFAC_CSV', 'OFAC, sdn.csv, add.csv and alt.csv'), ('UN_XML', 'United Nations, consolidated.xml'), ('OWN_CSV', 'Our own, CSV with a header')], max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='ScreeningRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_ref', models.CharField(db_index=True, max_length=60)),
                ('cause', models.CharField(choices=[('ONBOARDING', 'Somebody becomes a customer'), ('CHANGE', 'Name, ID or date of birth changed'), ('LIST_UPDATE', 'A list changed'), ('PAYMENT', 'A payment'), ('CLAIM', 'A claim')], max_length=12)),
                ('asked_hash', models.CharField(help_text='Keyed hash of what was asked.', max_length=64)),
                ('version_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='The versions asked.', size=None)),
                ('outcome', models.CharField(choices=[('CLEAR', 'Nobody alike'), ('REVIEW', 'Somebody has to look'), ('BLOCK', 'Held until somebody has looked')], max_length=6)),
                ('best_score', models.DecimalField(decimal_places=4, help_text='If it is worth a look.', max_digits=5, null=True)),
                ('actor', models.CharField(max_length=80)),
                ('screened_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AlterField(
            model_name='customer',
            name='status',
            field=models.CharField(choices=[('ACTIVE', 'Active'), ('CHECKING', 'We are checking your details'), ('SUSPENDED', 'Suspended'), ('CLOSED', 'Closed')], default='ACTIVE', max_length=10),
        ),
        migrations.CreateModel(
            name='ListVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_date', models.DateField(help_text='The day the publisher put on the file.')),
                ('sha256', models.CharField(max_length=64)),
                ('files', models.CharField(help_text='The names of the files.', max_length=200)),
                ('entry_count', models.IntegerField()),
                ('name_count', models.IntegerField()),
                ('added_count', models.IntegerField(help_text='Entries that are new or read differently now.')),
                ('removed_count', models.IntegerField(help_text='Entries that are no longer there.')),
                ('state', models.CharField(choices=[('PENDING', 'Waiting for a second person'), ('ACTIVE', 'In force'), ('REFUSED', 'Refused'), ('RETIRED', 'Replaced by a newer one')], default='PENDING', max_length=8)),
                ('loaded_by', models.CharField(max_length=80)),
                ('loaded_person', models.CharField(max_length=80)),
                ('loaded_at', models.DateTimeField()),
                ('accepted_by', models.CharField(blank=True, default='', max_length=80)),
                ('accepted_person', models.CharField(blank=True, default='', max_length=80)),
                ('decided_at', models.DateTimeField(null=True)),
                ('screened_at', models.DateTimeField(help_text='When everybody was compared with what it brought.', null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('replaces', models.ForeignKey(help_text='The version in force when this one was loaded.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.listversion')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='accounts.screeninglist')),
            ],
        ),
        migrations.CreateModel(
            name='ScreeningChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.CharField(max_length=20)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('done_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='accounts.listversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'room', 'first'), name='screening_a_chunk_is_handed_out_once')],
            },
        ),
        migrations.CreateModel(
            name='ListEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_uid', models.CharField(help_text="The publisher's own number.", max_length=64)),
                ('fingerprint', models.CharField(help_text='SHA-256 of everything it says.', max_length=64)),
                ('kind', models.CharField(choices=[('PERSON', 'PERSON'), ('ENTITY', 'ENTITY'), ('OTHER', 'OTHER')], max_length=6)),
                ('names', models.JSONField(help_text='[[name, is weak]]; the first is the main one.')),
                ('programme', models.CharField(blank=True, default='', max_length=200)),
                ('births', models.JSONField(help_text='[[first day, last day]]')),
                ('nationalities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), help_text='ISO codes.', size=None)),
                ('ids', models.JSONField(help_text='[[number, country, kind]]')),
                ('id_numbers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), help_text='As they are compared.', size=None)),
                ('gender', models.CharField(blank=True, default='', max_length=1)),
                ('remarks', models.TextField(blank=True, default='')),
                ('left_office_date', models.DateField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='accounts.listversion')),
            ],
            options={
                'verbose_name_plural': 'list entries',
            },
        ),
        migrations.CreateModel(
            name='Hit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_ref', models.CharField(max_length=60)),
                ('source_uid', models.CharField(max_length=64)),
                ('owner_fingerprint', models.CharField(max_length=64)),
                ('entry_fingerprint', models.CharField(max_length=64)),
                ('outcome', models.CharField(choices=[('CLEAR', 'Nobody alike'), ('REVIEW', 'Somebody has to look'), ('BLOCK', 'Held until somebody has looked')], max_length=6)),
                ('score', models.DecimalField(decimal_places=4, max_digits=5)),
                ('parts', models.JSONField(help_text='Every part of the score, and the pairs of tokens.')),
                ('ours', models.JSONField(help_text='What we knew of our side, document numbers masked.')),
                ('theirs', models.JSONField(help_text='What the list said.')),
                ('state', models.CharField(choices=[('OPEN', 'Nobody has looked yet'), ('REVIEW', 'Decided by one person, waits for the second'), ('CLEARED', 'Somebody else'), ('CONFIRMED', 'The person on the list')], default='OPEN', max_length=9)),
                ('opened_at', models.DateTimeField()),
                ('proposed_state', models.CharField(blank=True, choices=[('OPEN', 'Nobody has looked yet'), ('REVIEW', 'Decided by one person, waits for the second'), ('CLEARED', 'Somebody else'), ('CONFIRMED', 'The person on the list')], default='', max_length=9)),
                ('proposed_by', models.CharField(blank=True, default='', max_length=80)),
                ('proposed_person', models.CharField(blank=True, default='', max_length=80)),
                ('proposed_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('proposed_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, default='', max_length=80)),
                ('decided_person', models.CharField(blank=True, default='', max_length=80)),
                ('decided_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('decided_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(help_text='Stands until the case is cleared.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.listentry')),
                ('list', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hits', to='accounts.screeninglist')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hits', to='accounts.screeningrun')),
            ],
        ),
        migrations.CreateModel(
            name='ScreeningTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block_from', models.DecimalField(decimal_places=4, help_text='From here on the owner is held.', max_digits=5)),
                ('review_from', models.DecimalField(decimal_places=4, help_text='From here on somebody looks.', max_digits=5)),
                ('alignment_weight', models.DecimalField(decimal_places=4, max_digits=5)),
                ('token_set_weight', models.DecimalField(decimal_places=4, max_digits=5)),
                ('token_floor', models.DecimalField(decimal_places=4, help_text='Two tokens less alike (Jaro-Winkler) are two different names.', max_digits=5)),
                ('unpaired_weight', models.DecimalField(decimal_places=4, help_text="What a token without a partner counts in the alignment's divisor.", max_digits=5)),
                ('born_same_day', models.DecimalField(decimal_places=4, max_digits=5)),
                ('born_far', models.DecimalField(decimal_places=4, max_digits=5)),
                ('born_far_years', models.SmallIntegerField(help_text='Born further apart than this is far.')),
                ('same_country', models.DecimalField(decimal_places=4, max_digits=5)),
                ('other_gender', models.DecimalField(decimal_places=4, max_digits=5)),
                ('weak_alias_most', models.DecimalField(decimal_places=4, max_digits=5)),
                ('trigram_from', models.DecimalField(decimal_places=4, max_digits=5)),
                ('shrink_most', models.DecimalField(decimal_places=4, help_text='A list that shrinks by more waits for a second person.', max_digits=5)),
                ('rescreen_hours', models.SmallIntegerField(help_text='Within so many everybody is compared with what a new version brought.')),
                ('office_months', models.SmallIntegerField(help_text='How long a PEP is one after leaving.')),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(help_text='The last day; open when empty.', null=True)),
                ('source', models.CharField(max_length=140)),
                ('approved_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name_plural': 'screening terms',
                'constraints': [models.UniqueConstraint(fields=('effective_from',), name='screening_terms_start_once'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='screening_terms_end_after_they_start'), models.CheckConstraint(condition=models.Q(('block_from__lte', 1), ('review_from__gt', 0), ('review_from__lte', models.F('block_from'))), name='screening_blocks_above_where_it_reviews')],
            },
        ),
        migrations.CreateModel(
            name='ListName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=400)),
                ('is_weak', models.BooleanField()),
                ('normalised', models.CharField(max_length=400)),
                ('tokens', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), size=None)),
                ('phonetic_keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.listentry')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['tokens'], name='screening_name_by_token'), django.contrib.postgres.indexes.GinIndex(fields=['phonetic_keys'], name='screening_name_by_sound'), django.contrib.postgres.indexes.GinIndex(fields=['normalised'], name='screening_name_by_trigram', opclasses=['gin_trgm_ops'])],
            },
        ),
        migrations.AddIndex(
            model_name='listentry',
            index=django.contrib.postgres.indexes.GinIndex(fields=['id_numbers'], name='screening_entry_by_document'),
        ),
        migrations.AddConstraint(
            model_name='listentry',
            constraint=models.UniqueConstraint(fields=('version', 'source_uid'), name='screening_an_entry_stands_once_in_a_version'),
        ),
        migrations.AddConstraint(
            model_name='listversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ACTIVE')), fields=('list',), name='screening_one_version_of_a_list_in_force'),
        ),
        migrations.AddConstraint(
            model_name='listversion',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_person', models.F('loaded_person')), _negated=True), name='screening_a_second_person_lets_a_version_in'),
        ),
        migrations.AddIndex(
            model_name='hit',
            index=models.Index(fields=['owner_ref'], name='screening_hits_of_an_owner'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('OPEN', 'REVIEW'))), fields=('owner_ref', 'list', 'source_uid'), nulls_distinct=False, name='screening_one_undecided_case_an_owner_and_entry'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('list__isnull', False)), models.Q(('entry__isnull', True), ('list__isnull', True), ('source_uid', 'NAME')), _connector='OR'), name='screening_a_case_has_an_entry_or_a_name_to_read'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.CheckConstraint(condition=models.Q(('decided_person', ''), models.Q(('decided_person', models.F('proposed_person')), _negated=True), _connector='OR'), name='screening_a_second_person_decides'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'OPEN'), models.Q(('proposed_state__in', ('CLEARED', 'CONFIRMED')), models.Q(('proposed_person', ''), _negated=True), models.Q(('proposed_reason', ''), _negated=True)), _connector='OR'), name='screening_a_proposal_says_who_what_and_why'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('OPEN', 'REVIEW')), models.Q(('state', models.F('proposed_state')), models.Q(('decided_person', ''), _negated=True)), _connector='OR'), name='screening_a_decision_has_its_person_and_is_what_was_proposed'),
        ),
        rights.take(KEPT),
    ]
