"""Branches, members of staff, roles and permissions: dated rows that two persons change."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.staff.states import StaffState
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedRows
from wekeza.kit.encryption import EncryptedTextField
from wekeza.kit.persons import person_of


class Branch(models.Model):
    """A branch of the bank; customers and accounts have one, and roles may end at its door."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=60)
    town = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "branches"

    def __str__(self):
        return f"{self.code} {self.name}"


class Permission(models.Model):
    """One thing that somebody may do, `area.verb`."""

    code = models.CharField(max_length=60, primary_key=True)
    label = models.CharField(max_length=140)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.code


class Role(models.Model):
    """A bundle of permissions; it has its parent's too."""

    code = models.CharField(max_length=30, primary_key=True)
    label = models.CharField(max_length=60)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    is_staff_role = models.BooleanField(default=True)
    break_glass_minutes = models.SmallIntegerField(
        default=0, help_text="How long it may be taken in an emergency; 0 is never."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_emergency_is_short",
                condition=Q(break_glass_minutes__gte=0, break_glass_minutes__lte=240),
            ),
            models.CheckConstraint(
                name="staff_role_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("code")),
            ),
        ]

    def __str__(self):
        return self.code


class RolePermission(models.Model):
    """
    What a role may do from a day on, and up to which amount in KES (None: any). Rows are only
    added; of two, the one that started later holds, and one that `is_held` no longer takes it away.
    """

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="permissions")
    permission = models.ForeignKey(Permission, on_delete=models.PROTECT, related_name="+")
    amount_up_to = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    is_held = models.BooleanField(default=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text="The last day.")
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["permission", "role"], name="staff_roles_by_permission"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="staff_one_row_a_role_permission_and_start",
                fields=["role", "permission", "effective_from"],
            ),
            models.CheckConstraint(
                name="staff_permission_amount_is_finite",
                condition=Q(amount_up_to__isnull=True)
                | Q(amount_up_to__gte=0, amount_up_to__lt=10**16),
            ),
            models.CheckConstraint(
                name="staff_permission_ends_after_it_starts",
                condition=ENDS_AFTER_IT_STARTS,
            ),
        ]

    def __str__(self):
        return f"{self.role_id} {self.permission_id} from {self.effective_from}"


class StaffMember(models.Model):
    """Somebody who works here, behind a login of their own; a second person admits them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.OneToOneField(
        "accounts.User", on_delete=models.PROTECT, related_name="staff_member"
    )
    staff_no = models.CharField(max_length=12, unique=True)
    full_name = models.CharField(max_length=120)
    national_id = EncryptedTextField(context="staff.national_id", bound_to=("public_id",))
    national_id_index = models.CharField(max_length=64, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="staff")
    state = models.CharField(max_length=10, choices=StaffState.choices, default=StaffState.INVITED)
    approval = models.ForeignKey(
        "ledger.Approval",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="By which two persons they are at work.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "staff"

    def __str__(self):
        return f"staff {self.staff_no}"

    @property
    def person(self) -> str:
        """The natural person, the same as behind this human's account as a customer."""
        return person_of(self.national_id_index)

    @property
    def first_name(self) -> str:
        """The name by which pages greet them."""
        return self.full_name.split()[0]

    @property
    def is_at_work(self) -> bool:
        """They may come in and act."""
        return self.state == StaffState.ACTIVE

    @property
    def is_out(self) -> bool:
        """They have to be admitted before they may come in: not yet here, or here no more."""
        return self.state in (StaffState.INVITED, StaffState.TERMINATED)


class RoleGrant(models.Model):
    """A role that a member of staff holds over a span of days, in one branch or in all."""

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    branch = models.ForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Every branch when empty.",
    )
    amount_up_to = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="In KES, below what the role allows; as far as the role goes when empty.",
    )
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text="The last day.")
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DatedRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_grant_ends_after_it_starts",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(
                name="staff_grant_amount_is_finite",
                condition=Q(amount_up_to__isnull=True)
                | Q(amount_up_to__gte=0, amount_up_to__lt=10**16),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.staff_id} {self.role_id}"


class BreakGlass(models.Model):
    """A role that somebody took in an emergency, alone and at once; others are alarmed and look."""

    class Verdict(models.TextChoices):
        NONE = "", _("Not looked at yet")
        RIGHT = "RIGHT", _("It was right")
        WRONG = "WRONG", _("It was not right")

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="emergencies")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    person = models.CharField(max_length=80)
    verdict = models.CharField(
        max_length=5, choices=Verdict.choices, blank=True, default=Verdict.NONE
    )
    verdict_note = models.CharField(max_length=500, blank=True, default="")
    looked_at_by = models.CharField(max_length=80, blank=True, default="")
    looked_person = models.CharField(max_length=80, blank=True, default="")
    looked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "emergency"
        verbose_name_plural = "emergencies"
        constraints = [
            models.CheckConstraint(
                name="staff_nobody_judges_their_own_emergency",
                condition=Q(looked_person="") | ~Q(looked_person=F("person")),
            ),
            models.CheckConstraint(
                name="staff_emergency_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begun_at")),
            ),
            models.CheckConstraint(
                name="staff_emergency_is_over_in_four_hours",
                condition=Q(ends_at__lte=F("begun_at") + timedelta(hours=4)),
            ),
            models.UniqueConstraint(
                name="staff_one_emergency_waits_for_its_verdict",
                fields=["person"],
                condition=Q(verdict=""),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.staff_id} {self.role_id}"


class StaffTerm(DatedNumber):
    """One figure of the rules about staff, over a span of days."""

    class Kind(models.TextChoices):
        EMERGENCY_PAUSE_HOURS = "EMERGENCY_PAUSE_HOURS", _("Hours without one after a wrong one")
