"""The codes that the demo bank's staff would read off their phones (decision 28)."""

from base64 import b32decode
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django_otp.oath import TOTP

from accounts.staff.models import StaffMember
from accounts.staff.queries import members


@dataclass(frozen=True, slots=True)
class Badge:
    """One member of staff, and the code that their authenticator app shows now."""

    member: StaffMember
    roles: str
    code: str


def badges(*, at: datetime) -> list[Badge]:
    """This will give everybody at work with their present code; only the demo bank may ask."""
    apps = {row.user_id: row for row in Authenticator.objects.filter(type=Authenticator.Type.TOTP)}
    return [
        Badge(
            member,
            ", ".join(grant.role.label for grant in grants),
            _code(apps.get(member.user_id), at),
        )
        for member, grants in members(at=at)
        if member.is_at_work
    ]


def _code(app: Authenticator | None, at: datetime) -> str:
    if app is None:
        return ""
    clock = TOTP(b32decode(decrypt(app.data["secret"])))
    clock.time = at.timestamp()
    return f"{clock.token():06}"
