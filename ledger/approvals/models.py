"""What waits for a second person or for a committee, and the rules of who asks and who decides."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ledger.approvals.states import ApprovalState
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedRows


class ApprovalRule(models.Model):
    """Who may ask for a deed that needs two persons, who may decide, and for how long it waits."""

    deed = models.CharField(max_length=60)
    label = models.CharField(max_length=80, help_text="What the deed is called, in English.")
    to_make = models.CharField(max_length=60, help_text="The permission of whoever asks.")
    to_check = models.CharField(max_length=60, help_text="The permission of whoever decides.")
    checkers = models.SmallIntegerField(
        default=1, db_default=1, help_text="So many persons say yes, beside whoever asks."
    )
    valid_hours = models.SmallIntegerField(help_text="After so many hours nobody may decide it.")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=140)
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_one_approval_rule_a_deed_and_start", fields=["deed", "effective_from"]
            ),
            models.CheckConstraint(
                name="ledger_approval_waits_for_a_while",
                condition=Q(valid_hours__gte=1, valid_hours__lte=24 * 90),
            ),
            models.CheckConstraint(
                name="ledger_approval_takes_a_few", condition=Q(checkers__range=(1, 9))
            ),
            models.CheckConstraint(
                name="ledger_approval_rule_ends_after_it_starts",
                condition=ENDS_AFTER_IT_STARTS,
            ),
        ]

    def __str__(self):
        return f"{self.deed} from {self.effective_from}"


class Approval(models.Model):
    """
    A deed that one person asks for and another decides; it happens once, when it is approved.

    What was asked never changes: a trigger keeps everything but the decision, and the decision once
    it is made. `digest` is the SHA-256 of deed, subject and payload; the checker's page carries it,
    so that nobody approves something else than what they saw.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    deed = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True, default="")
    payload = models.JSONField(default=dict, help_text="What the deed's operation is given.")
    changes = models.JSONField(default=list, help_text="Field, before and after, for the reader.")
    impact = models.CharField(max_length=300, blank=True, default="")
    reason = models.CharField(max_length=500)
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    branch = models.CharField(max_length=10, blank=True, default="")
    about = models.JSONField(
        default=list, help_text="The persons whom it concerns: none of them asks or decides."
    )
    to_check = models.CharField(max_length=60, help_text="The permission that deciding takes.")
    checkers = models.SmallIntegerField(
        default=1,
        db_default=1,
        help_text="So many persons say yes; the last of them is the checker.",
    )
    digest = models.CharField(max_length=64)
    state = models.CharField(
        max_length=9, choices=ApprovalState.choices, default=ApprovalState.PENDING
    )
    maker = models.CharField(max_length=80)
    maker_person = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    checker = models.CharField(max_length=80, blank=True, default="")
    checker_person = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_in = models.BigIntegerField(
        null=True, editable=False, help_text="The database's transaction, written by a trigger."
    )
    note = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="ledger_approvals_waiting",
                condition=Q(state=ApprovalState.PENDING),
            ),
            models.Index(fields=["subject", "-id"], name="ledger_approvals_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="ledger_maker_is_not_checker",
                condition=Q(checker_person="") | ~Q(checker_person=F("maker_person")),
            ),
            models.CheckConstraint(
                name="ledger_decision_has_a_checker",
                condition=~Q(state__in=[ApprovalState.APPROVED, ApprovalState.REJECTED])
                | (~Q(checker="") & ~Q(checker_person="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="ledger_approval_is_of_a_few", condition=Q(checkers__range=(1, 9))
            ),
            models.CheckConstraint(
                name="ledger_approval_has_a_maker", condition=~Q(maker="") & ~Q(maker_person="")
            ),
            models.CheckConstraint(
                name="ledger_approval_amount_is_finite",
                condition=Q(amount__isnull=True) | Q(amount__gte=0, amount__lt=10**16),
            ),
            models.UniqueConstraint(
                name="ledger_one_waiting_approval_a_deed_and_subject",
                fields=["deed", "subject"],
                condition=Q(state=ApprovalState.PENDING) & ~Q(subject=""),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.deed} {self.subject}"

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided it yet."""
        return self.state == ApprovalState.PENDING


class ApprovalSignature(models.Model):
    """
    That one of a committee says yes, before the last one's yes, which does the deed. A trigger lets
    neither the maker sign, nor whom it concerns, nor anybody once it is decided.
    """

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="signatures")
    signer = models.CharField(max_length=80)
    signer_person = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True, default="")
    signed_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_one_signature_a_person", fields=["approval", "signer_person"]
            ),
            models.CheckConstraint(
                name="ledger_signature_has_a_signer", condition=~Q(signer="") & ~Q(signer_person="")
            ),
        ]

    def __str__(self):
        return f"{self.signer} for #{self.approval_id}"
