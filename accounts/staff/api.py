"""Staff, roles and permissions for the bank's own programs: /api/v1/user/… and permissions/…"""

from django.utils import timezone
from rest_framework import serializers

from accounts.staff import operations as staff
from accounts.staff import queries, roles
from accounts.staff.refusals import (
    BadSpan,
    NoSuchStaff,
    NotForYou,
    NothingChanges,
    NotYourself,
    UnknownBranch,
    UnknownPermission,
    UnknownRole,
)
from ledger.approvals.refusals import AlreadyWaiting, MayNotAsk, ReasonMissing
from ledger.calendar import queries as calendar
from wekeza.kit.api import Door, Fields, Text, operation
from wekeza.kit.states import IllegalMove

TAG = "Staff and permissions"
STAFF = ("STAFF",)


class RoleHeld(Fields):
    """A role that somebody holds."""

    role = serializers.CharField(source="role_id")
    branch = serializers.CharField(source="branch_id", allow_null=True, help_text="null: all.")
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)


class Member(Fields):
    """Somebody who works here."""

    id = serializers.UUIDField(source="public_id")
    staff_no = serializers.CharField()
    full_name = serializers.CharField()
    branch = serializers.CharField(source="branch_id")
    state = serializers.CharField()
    roles = serializers.SerializerMethodField()

    def get_roles(self, member) -> list[dict]:
        return RoleHeld(queries.roles_of(member, at=timezone.now()), many=True).data


class Members(Fields):
    """Those who work here, by number."""

    users = Member(many=True)


class PermissionHeld(Fields):
    """One thing that somebody may do."""

    permission = serializers.CharField()
    role = serializers.CharField()
    branch = serializers.CharField(help_text="Empty: every branch.")
    amount_up_to = serializers.DecimalField(
        max_digits=20, decimal_places=2, allow_null=True, help_text="KES; null: any amount."
    )


class PermissionsHeld(Fields):
    """What the login may do now."""

    permissions = PermissionHeld(many=True)


class Permission(Fields):
    """One thing that somebody may do, area.verb."""

    code = serializers.CharField()
    label = serializers.CharField()


class Permissions(Fields):
    """Every permission there is."""

    permissions = Permission(many=True)


class Role(Fields):
    """A role and what it may do today by itself, without what its parent may."""

    code = serializers.CharField()
    label = serializers.CharField()
    parent = serializers.CharField(source="parent_id", allow_null=True)
    permissions = serializers.SerializerMethodField()

    def get_permissions(self, role) -> list[str]:
        return sorted(role.held)


class Roles(Fields):
    """Every role."""

    roles = Role(many=True)


class NewRole(Fields):
    """A role for somebody, from a day to a day, in one branch or in all."""

    role = Text(max_length=30)
    branch = Text(max_length=10, required=False, help_text="Every branch unless named.")
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(required=False)
    reason = Text(max_length=500)


class RoleChange(Fields):
    """What a role may do from a day on, or no longer."""

    permission = Text(max_length=40)
    is_held = serializers.BooleanField(help_text="false: no longer.")
    amount_up_to = serializers.DecimalField(
        max_digits=20, decimal_places=2, min_value=0, required=False, help_text="KES; any if left."
    )
    effective_from = serializers.DateField()
    reason = Text(max_length=500)


class Reason(Fields):
    """Why."""

    reason = Text(max_length=500)


class Asked(Fields):
    """What was asked for; a second person decides it at the workbench."""

    approval_id = serializers.UUIDField(source="public_id")
    state = serializers.CharField()


class StaffDoor(Door):
    """An address for staff who hold what its operation needs; a foreign one answers nothing."""

    tag = TAG

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.check_permit(request)

    def check_permit(self, request, *, branch: str | None = None) -> None:
        """
        :raises NotForYou: if the caller does not hold what the operation needs, in that branch
            (None: anywhere; the operation asks again).
        """
        needs = self.told.needs
        at = timezone.now()
        if needs and not queries.permits(request.user, needs, at=at, branch=branch):
            raise NotForYou(permission=needs)


class Users(StaffDoor):
    """GET /api/v1/user/."""

    @operation(
        gives={200: Members},
        refuses=[NotForYou],
        kinds=STAFF,
        needs="staff.look",
        summary="See who works here",
    )
    def get(self, request):
        return {"users": [member for member, _roles in queries.members(at=timezone.now())]}


class Me(StaffDoor):
    """GET /api/v1/user/me."""

    @operation(
        gives={200: Member}, refuses=[NoSuchStaff], kinds=STAFF, summary="See yourself as staff"
    )
    def get(self, request):
        found = queries.member(request.user)
        if found is None:
            raise NoSuchStaff
        return found


class User(StaffDoor):
    """GET /api/v1/user/<id>."""

    @operation(
        gives={200: Member},
        refuses=[NotForYou, NoSuchStaff],
        kinds=STAFF,
        needs="staff.look",
        summary="See a member of staff",
    )
    def get(self, request, public_id):
        return queries.member_by(public_id)


class GiveRole(StaffDoor):
    """POST /api/v1/user/<id>/roles."""

    @operation(
        takes=NewRole,
        gives={202: Asked},
        refuses=[
            NotForYou,
            NoSuchStaff,
            NotYourself,
            BadSpan,
            UnknownRole,
            UnknownBranch,
            AlreadyWaiting,
            MayNotAsk,
            ReasonMissing,
        ],
        kinds=STAFF,
        needs="staff.administer",
        summary="Ask for a role for somebody",
        about="Nothing changes until a second person has decided. Nobody asks for themselves.",
        example={"role": "TELLER", "effective_from": "2027-01-04", "reason": "New at the counter"},
    )
    def post(self, request, public_id):
        facts = request.facts
        return staff.ask_role(
            queries.member_by(public_id),
            role=queries.role_by(facts["role"]),
            branch=queries.branch_by(facts.get("branch")),
            start=facts["effective_from"],
            end=facts.get("effective_to"),
            reason=facts["reason"],
            actor=request.auth.actor,
            at=timezone.now(),
        )


class Suspend(StaffDoor):
    """POST /api/v1/user/<id>/suspend."""

    @operation(
        takes=Reason,
        gives={200: Member},
        refuses=[NotForYou, NoSuchStaff, ReasonMissing, IllegalMove],
        kinds=STAFF,
        needs="staff.administer",
        summary="Send somebody home",
        about="At once: no door opens to their login, and every token of theirs ends.",
        example={"reason": "Lost their phone"},
    )
    def post(self, request, public_id):
        member = queries.member_by(public_id)
        staff.suspend(
            member,
            reason=request.facts["reason"],
            actor=request.auth.actor,
            at=timezone.now(),
        )
        return member


class EveryPermission(StaffDoor):
    """GET /api/v1/permissions/."""

    @operation(
        gives={200: Permissions},
        refuses=[NotForYou],
        kinds=STAFF,
        needs="staff.look",
        summary="See every permission",
    )
    def get(self, request):
        return {"permissions": queries.permissions()}


class EveryRole(StaffDoor):
    """GET /api/v1/permissions/roles."""

    @operation(
        gives={200: Roles},
        refuses=[NotForYou],
        kinds=STAFF,
        needs="staff.look",
        summary="See every role and what it may do",
    )
    def get(self, request):
        return {"roles": queries.roles_on(calendar.nairobi_date(timezone.now()))}


class ChangeRole(StaffDoor):
    """POST /api/v1/permissions/roles/<code>."""

    @operation(
        takes=RoleChange,
        gives={202: Asked},
        refuses=[
            NotForYou,
            NotYourself,
            BadSpan,
            NothingChanges,
            UnknownRole,
            UnknownPermission,
            AlreadyWaiting,
            MayNotAsk,
            ReasonMissing,
        ],
        kinds=STAFF,
        needs="staff.administer",
        summary="Ask to change what a role may do",
        about="Nothing changes until a second person has decided. Nobody widens what they hold.",
        example={
            "permission": "document.look",
            "is_held": True,
            "effective_from": "2027-01-04",
            "reason": "Counters check papers now",
        },
    )
    def post(self, request, code):
        facts, at = request.facts, timezone.now()
        return roles.ask_permission(
            queries.role_by(code),
            permission=queries.permission_by(facts["permission"], on=calendar.nairobi_date(at)),
            is_held=facts["is_held"],
            amount_up_to=facts.get("amount_up_to"),
            start=facts["effective_from"],
            reason=facts["reason"],
            actor=request.auth.actor,
            at=at,
        )


class Mine(StaffDoor):
    """GET /api/v1/permissions/mine."""

    @operation(gives={200: PermissionsHeld}, kinds=STAFF, summary="See what you may do now")
    def get(self, request):
        return {"permissions": queries.held_by(request.user, at=timezone.now())}
