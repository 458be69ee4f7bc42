"""Lists with their versions and entries, what was asked of them, and the cases that came of it."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.screening.facts import Birth, IdNumber, Kind, Listed, Name
from accounts.screening.states import HitState, VersionState
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm

MEASURE = {"max_digits": 5, "decimal_places": 4}
UNREADABLE = "NAME"  # In place of an entry's number, where the name cannot be compared.
UNDECIDED = (HitState.OPEN, HitState.REVIEW)


class ScreeningList(models.Model):
    """A list of people and companies that the bank compares its customers with."""

    class Kind(models.TextChoices):
        SANCTIONS = "SANCTIONS", _("Sanctions")
        PEP = "PEP", _("Politically exposed persons")
        INTERNAL = "INTERNAL", _("Our own deny list")

    class Format(models.TextChoices):
        OFAC_XML = "OFAC_XML", _("OFAC, sdn.xml")
        OFAC_CSV = "OFAC_CSV", _("OFAC, sdn.csv, add.csv and alt.csv")
        UN_XML = "UN_XML", _("United Nations, consolidated.xml")
        OWN_CSV = "OWN_CSV", _("Our own, CSV with a header")

    code = models.CharField(max_length=20, primary_key=True)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    format = models.CharField(max_length=10, choices=Format.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.code


class ScreeningTerms(DatedTerm):
    """The figures of matching and loading over a span of days (kenya.md 7.3)."""

    block_from = models.DecimalField(**MEASURE, help_text="From here on the owner is held.")
    review_from = models.DecimalField(**MEASURE, help_text="From here on somebody looks.")
    alignment_weight = models.DecimalField(**MEASURE)
    token_set_weight = models.DecimalField(**MEASURE)
    token_floor = models.DecimalField(
        **MEASURE, help_text="Two tokens less alike (Jaro-Winkler) are two different names."
    )
    unpaired_weight = models.DecimalField(
        **MEASURE, help_text="What a token without a partner counts in the alignment's divisor."
    )
    born_same_day = models.DecimalField(**MEASURE)
    born_far = models.DecimalField(**MEASURE)
    born_far_years = models.SmallIntegerField(help_text="Born further apart than this is far.")
    same_country = models.DecimalField(**MEASURE)
    other_gender = models.DecimalField(**MEASURE)
    weak_alias_most = models.DecimalField(**MEASURE)
    trigram_from = models.DecimalField(**MEASURE)
    shrink_most = models.DecimalField(
        **MEASURE, help_text="A list that shrinks by more waits for a second person."
    )
    rescreen_hours = models.SmallIntegerField(
        help_text="Within so many everybody is compared with what a new version brought."
    )
    office_months = models.SmallIntegerField(help_text="How long a PEP is one after leaving.")

    class Meta:
        verbose_name_plural = "screening terms"
        constraints = [
            models.UniqueConstraint(name="screening_terms_start_once", fields=["effective_from"]),
            models.CheckConstraint(
                name="screening_terms_end_after_they_start",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(
                name="screening_blocks_above_where_it_reviews",
                condition=Q(review_from__gt=0, review_from__lte=F("block_from"), block_from__lte=1),
            ),
        ]

    def __str__(self):
        return f"screening terms from {self.effective_from}"


class ListVersion(models.Model):
    """One published file of a list: what it held, who loaded it, who let it in."""

    list = models.ForeignKey(ScreeningList, on_delete=models.PROTECT, related_name="versions")
    published_date = models.DateField(help_text="The day the publisher put on the file.")
    sha256 = models.CharField(max_length=64)
    files = models.CharField(max_length=200, help_text="The names of the files.")
    entry_count = models.IntegerField()
    name_count = models.IntegerField()
    added_count = models.IntegerField(help_text="Entries that are new or read differently now.")
    removed_count = models.IntegerField(help_text="Entries that are no longer there.")
    state = models.CharField(
        max_length=8, choices=VersionState.choices, default=VersionState.PENDING
    )
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+",
        help_text="The version in force when this one was loaded.",
    )  # fmt: skip
    loaded_by = models.CharField(max_length=80)
    loaded_person = models.CharField(max_length=80)
    loaded_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=80, blank=True, default="")
    accepted_person = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    screened_at = models.DateTimeField(
        null=True, help_text="When everybody was compared with what it brought."
    )
    reason = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="screening_one_version_of_a_list_in_force",
                fields=["list"],
                condition=Q(state=VersionState.ACTIVE),
            ),
            models.CheckConstraint(
                name="screening_a_second_person_lets_a_version_in",
                condition=~Q(accepted_person=F("loaded_person")),
            ),
        ]

    def __str__(self):
        return f"{self.list_id} of {self.published_date}"

    @property
    def is_waiting(self) -> bool:
        """A second person has to let it in."""
        return self.state == VersionState.PENDING


class ScreeningChunk(models.Model):
    """Some people of one room, by their ids, who are to be compared with what a version brought."""

    version = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="chunks")
    room = models.CharField(max_length=20)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="screening_a_chunk_is_handed_out_once", fields=["version", "room", "first"]
            )
        ]

    def __str__(self):
        return f"{self.room} {self.first} to {self.last} of version {self.version_id}"


class ListEntry(models.Model):
    """Somebody on a version of a list, as published. Rows are added and never changed."""

    version = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="entries")
    source_uid = models.CharField(max_length=64, help_text="The publisher's own number.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of everything it says.")
    kind = models.CharField(max_length=6, choices=[(kind.value, kind.value) for kind in Kind])
    names = models.JSONField(help_text="[[name, is weak]]; the first is the main one.")
    programme = models.CharField(max_length=200, blank=True, default="")
    births = models.JSONField(help_text="[[first day, last day]]")
    nationalities = ArrayField(models.CharField(max_length=2), help_text="ISO codes.")
    ids = models.JSONField(help_text="[[number, country, kind]]")
    id_numbers = ArrayField(models.CharField(max_length=64), help_text="As they are compared.")
    gender = models.CharField(max_length=1, blank=True, default="")
    remarks = models.TextField(blank=True, default="")
    left_office_date = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "list entries"
        constraints = [
            models.UniqueConstraint(
                name="screening_an_entry_stands_once_in_a_version", fields=["version", "source_uid"]
            )
        ]
        indexes = [GinIndex(name="screening_entry_by_document", fields=["id_numbers"])]

    def __str__(self):
        return f"{self.source_uid} of version {self.version_id}"

    @property
    def main_name(self) -> str:
        """The name under which it is published."""
        return self.names[0][0]

    @property
    def listed(self) -> Listed:
        """The entry as matching reads it."""
        return Listed(
            uid=self.source_uid,
            kind=Kind(self.kind),
            names=tuple(Name(text, is_weak) for text, is_weak in self.names),
            programme=self.programme,
            births=tuple(Birth(*map(date.fromisoformat, span)) for span in self.births),
            nationalities=tuple(self.nationalities),
            ids=tuple(IdNumber(*facts) for facts in self.ids),
            gender=self.gender,
            remarks=self.remarks,
            left_office=self.left_office_date,
        )


class ListName(models.Model):
    """The index of names: one row for each name of the versions in force, made from the entries."""

    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=400)
    is_weak = models.BooleanField()
    normalised = models.CharField(max_length=400)
    tokens = ArrayField(models.CharField(max_length=400))
    phonetic_keys = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            GinIndex(name="screening_name_by_token", fields=["tokens"]),
            GinIndex(name="screening_name_by_sound", fields=["phonetic_keys"]),
            GinIndex(
                name="screening_name_by_trigram", fields=["normalised"], opclasses=["gin_trgm_ops"]
            ),
        ]

    def __str__(self):
        return f"name {self.pk} of entry {self.entry_id}"


class ScreeningRun(models.Model):
    """That somebody was compared with the lists, when, with which versions, and what came of it."""

    class Cause(models.TextChoices):
        ONBOARDING = "ONBOARDING", _("Somebody becomes a customer")
        CHANGE = "CHANGE", _("Name, ID or date of birth changed")
        LIST_UPDATE = "LIST_UPDATE", _("A list changed")
        PAYMENT = "PAYMENT", _("A payment")
        CLAIM = "CLAIM", _("A claim")

    class Outcome(models.TextChoices):
        CLEAR = "CLEAR", _("Nobody alike")
        REVIEW = "REVIEW", _("Somebody has to look")
        BLOCK = "BLOCK", _("Held until somebody has looked")

    owner_ref = models.CharField(max_length=60, db_index=True)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    asked_hash = models.CharField(max_length=64, help_text="Keyed hash of what was asked.")
    version_ids = ArrayField(models.BigIntegerField(), help_text="The versions asked.")
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    best_score = models.DecimalField(**MEASURE, null=True, help_text="If it is worth a look.")
    actor = models.CharField(max_length=80)
    screened_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"run {self.pk} of {self.owner_ref}"


class Hit(models.Model):
    """
    A case: somebody of ours is like somebody on a list, or has a name that no list can be searched
    for, and then the case has neither list nor entry. One officer proposes what it is, another
    person decides. Cleared cases are the good-guy list: they hold for exactly these facts.
    """

    owner_ref = models.CharField(max_length=60)
    list = models.ForeignKey(
        ScreeningList, on_delete=models.PROTECT, null=True, related_name="hits"
    )
    source_uid = models.CharField(max_length=64)
    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(ScreeningRun, on_delete=models.PROTECT, related_name="hits")
    owner_fingerprint = models.CharField(max_length=64)
    entry_fingerprint = models.CharField(max_length=64)
    outcome = models.CharField(max_length=6, choices=ScreeningRun.Outcome.choices)
    score = models.DecimalField(**MEASURE)
    parts = models.JSONField(help_text="Every part of the score, and the pairs of tokens.")
    ours = models.JSONField(help_text="What we knew of our side, document numbers masked.")
    theirs = models.JSONField(help_text="What the list said.")
    state = models.CharField(max_length=9, choices=HitState.choices, default=HitState.OPEN)
    opened_at = models.DateTimeField()
    proposed_state = models.CharField(
        max_length=9, choices=HitState.choices, blank=True, default=""
    )
    proposed_by = models.CharField(max_length=80, blank=True, default="")
    proposed_person = models.CharField(max_length=80, blank=True, default="")
    proposed_reason = models.CharField(max_length=1000, blank=True, default="")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_person = models.CharField(max_length=80, blank=True, default="")
    decided_reason = models.CharField(max_length=1000, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True, help_text="Stands until the case is cleared.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(name="screening_hits_of_an_owner", fields=["owner_ref"])]
        constraints = [
            models.UniqueConstraint(
                name="screening_one_undecided_case_an_owner_and_entry",
                fields=["owner_ref", "list", "source_uid"],
                condition=Q(state__in=UNDECIDED),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="screening_a_case_has_an_entry_or_a_name_to_read",
                condition=Q(list__isnull=False, entry__isnull=False)
                | Q(list__isnull=True, entry__isnull=True, source_uid=UNREADABLE),
            ),
            models.CheckConstraint(
                name="screening_a_second_person_decides",
                condition=Q(decided_person="") | ~Q(decided_person=F("proposed_person")),
            ),
            models.CheckConstraint(
                name="screening_a_proposal_says_who_what_and_why",
                condition=Q(state=HitState.OPEN)
                | (
                    Q(proposed_state__in=(HitState.CLEARED, HitState.CONFIRMED))
                    & ~Q(proposed_person="")
                    & ~Q(proposed_reason="")
                ),
            ),
            models.CheckConstraint(
                name="screening_a_decision_has_its_person_and_is_what_was_proposed",
                condition=Q(state__in=UNDECIDED)
                | (Q(state=F("proposed_state")) & ~Q(decided_person="")),
            ),
        ]

    def __str__(self):
        return f"case {self.pk} of {self.owner_ref}"

    @property
    def is_unreadable(self) -> bool:
        """No list can be searched for the name; somebody has to do it."""
        return self.list_id is None

    @property
    def source(self) -> str:
        """What the case is about, in a few words: the list, or the name itself."""
        return str(_("Name that cannot be compared")) if self.list is None else self.list.label

    @property
    def is_undecided(self) -> bool:
        """Two persons have not agreed yet on what it is."""
        return self.state in UNDECIDED

    @property
    def is_proposed(self) -> bool:
        """One person has said what it is; a second one has to look."""
        return self.state == HitState.REVIEW

    @property
    def is_confirmed(self) -> bool:
        """Two persons found that it is who stands on the list."""
        return self.state == HitState.CONFIRMED

    @property
    def may_be_proposed(self) -> bool:
        """Somebody may say what it is: nobody did, or it was confirmed and people err."""
        return self.state in (HitState.OPEN, HitState.CONFIRMED)

    @property
    def holds_owner(self) -> bool:
        """It is strong enough to hold the owner until two persons have looked."""
        return self.outcome == ScreeningRun.Outcome.BLOCK
