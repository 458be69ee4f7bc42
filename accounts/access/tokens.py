"""
Tokens for programs (X1): a signed access token that lives for minutes, and a refresh token that is
good once. The key comes from the key ring, its id stands in the token's head, so that rotation
serves on; it is never Django's SECRET_KEY.

A token alone opens nothing: its family and the row that shows it in the list of sessions must be
open in the database, its login active and its password the same. Whoever ends one of the two, here
or on the page of sessions, ends the tokens with the next request. The denylist in the cache only
refuses sooner; while the cache is away, the database is asked all the same.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from accounts.access import logins, policy, sessions
from accounts.access.devices import Facts
from accounts.access.models import DeviceSession, How, User
from accounts.access.refusals import BadToken, TokenExpired, TokenReused, TokenRevoked
from accounts.access.token_models import RefreshToken, TokenFamily
from accounts.notifications import operations as notifications
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.encryption import Undecipherable, blind_index, newest_key_id, signing_key

AUDIENCE = "wekeza-api"
ALGORITHM = "HS256"
KIND = "at+jwt"  # RFC 9068: an access token is nothing else.
PURPOSE = "access token"
PREFIX = "wkr_"  # So that a refresh token that leaked is found by scanners.
CLAIMS = ["iss", "aud", "sub", "sid", "iat", "exp", "jti"]
Ended, Session = TokenFamily.Ended, DeviceSession.Ended
# What the list of sessions says of why a family ended.
_SHOWN = {
    Ended.OUT: Session.OUT,
    Ended.EVERYWHERE: Session.REMOTE,
    Ended.REUSED: Session.BANK,
}


@dataclass(frozen=True, slots=True)
class Issued:
    """What a program is given; seconds until each token ends. `/token` gives no refresh token."""

    access_token: str
    expires_in: int
    refresh_token: str = ""
    refresh_expires_in: int = 0
    token_type: str = "Bearer"  # noqa: S105 - the kind of token of RFC 6750.


@transaction.atomic
def begin(user: User, *, is_short: bool, facts: Facts, at: datetime, is_new: bool = True) -> Issued:
    """
    This will open a family for a login that proved itself just now, with its row in the list of
    sessions, and give its first tokens: 30 minutes and no more if `is_short`, else 60 minutes and a
    refresh token of 7 days (IA04, IA33, IA34; both from settings). The history has it already
    unless it `is_new`.
    """
    lasts = timedelta(minutes=settings.SHORT_TOKEN_MINUTES) if is_short else policy.TOKENS_LAST
    known = None
    if is_new:
        # Programs keep no cookie of ours: name and address together are what is known of them.
        cookie = f"program|{facts.device}|{facts.ip_address}"
        _before, known = logins.signed_in(
            user=user, how=How.TOKEN, cookie=cookie, facts=facts, at=at
        )
        user.last_login = at
        user.save(update_fields=["last_login", "updated_at"])
    session = sessions.open(user, how=How.TOKEN, facts=facts, at=at, known_device=known)
    family = TokenFamily.objects.create(
        user=user,
        password_mark=_mark(user),
        session=session.public_id,
        device=facts.device,
        ip_address=facts.ip_address or None,
        began_at=at,
        expires_at=at + lasts,
    )
    audit.record(
        actor=_actor(user), deed="access.tokens_given", subject=family, device=facts.device
    )
    return _issue(family, at=at, minutes=settings.SHORT_TOKEN_MINUTES if is_short else 0)


def refresh(token: str, *, at: datetime) -> Issued:
    """
    This will give the next pair for a refresh token, once. One that comes a second time was copied,
    and nobody knows by whom: the whole family ends, and its person is told.

    :raises BadToken: if there is no such token.
    :raises TokenExpired: if its days are over.
    :raises TokenReused: if it was used before.
    :raises TokenRevoked: if the family ended, or the login may not come in any more.
    """
    with transaction.atomic(durable=True):
        answer = _rotate(token, at=at)
    if isinstance(answer, Issued):
        return answer
    raise answer


@transaction.atomic
def end(sid: str, *, because: str, at: datetime, actor: Actor) -> None:
    """This will end one family: from now on every door refuses its tokens."""
    family = TokenFamily.objects.select_for_update().get(public_id=sid)
    _end(family, because=because, at=at, actor=actor)


@transaction.atomic
def end_all(user: User, *, at: datetime, actor: Actor) -> int:
    """This will end every session of a login, programs' and browsers', and give their number."""
    open_ones = TokenFamily.objects.select_for_update().filter(user=user, ended_at=None)
    number = sessions.end_others(user, why=Session.REMOTE, at=at, actor=actor)
    for family in open_ones.order_by("pk"):
        _end(family, because=Ended.EVERYWHERE, at=at, actor=actor)
    return number


def read(token: str, *, at: datetime) -> tuple[TokenFamily, DeviceSession]:
    """
    This will give the open family that an access token belongs to, with its user, and its row in
    the list of sessions.

    :raises BadToken: if we did not sign it for this API.
    :raises TokenExpired: if its minutes are over.
    :raises TokenRevoked: if its family or its session ended, its login is shut or has another
        password.
    """
    sid = _claims(token, at=at)["sid"]
    if cache.get(_denied(sid)):
        raise TokenRevoked
    family = TokenFamily.objects.select_related("user__customer").filter(public_id=sid).first()
    session = _session_of(family, at=at) if family else None
    if session is None:
        raise TokenRevoked
    return family, session


def looks_like_ours(token: str) -> bool:
    """This will tell whether a token says that it is one of ours; `read` finds out."""
    try:
        return jwt.get_unverified_header(token).get("alg") != "RS256"
    except jwt.PyJWTError:
        return False


@transaction.atomic
def end_spent(*, at: datetime) -> int:
    """
    This will end the sessions of programs that can come back with no token any more: the family is
    over, or its newest refresh token was left unused for too long. Gives their number.
    """
    unused = RefreshToken.objects.filter(used_at=None, expires_at__lte=at).values("family")
    over = Q(expires_at__lte=at) | Q(pk__in=unused)
    spent = TokenFamily.objects.filter(over, ended_at=None).values("session")
    return sessions.end_programs(spent, at=at)


@transaction.atomic
def forget(*, before: datetime) -> int:
    """This will delete families that ended or expired before a moment, and give their number."""
    old = TokenFamily.objects.filter(expires_at__lt=before).values("pk")
    RefreshToken.objects.filter(family__in=old).delete()
    return TokenFamily.objects.filter(expires_at__lt=before).delete()[0]


def _session_of(family: TokenFamily, *, at: datetime) -> DeviceSession | None:
    """The open session of a family whose tokens are still good, apart from their own minutes."""
    is_good = (
        family.ended_at is None
        and at < family.expires_at
        and family.user.is_active
        and constant_time_compare(family.password_mark, _mark(family.user))
    )
    return sessions.of_program(family.session) if is_good else None


def _issue(family: TokenFamily, *, at: datetime, minutes: int = 0) -> Issued:
    access_ends = at + timedelta(minutes=minutes or settings.ACCESS_TOKEN_MINUTES)
    access_ends = min(access_ends, family.expires_at)
    refresh_token, refresh_seconds = "", 0
    if not minutes:
        refresh_token = PREFIX + secrets.token_urlsafe(32)
        ends = min(at + timedelta(minutes=settings.REFRESH_TOKEN_MINUTES), family.expires_at)
        RefreshToken.objects.create(
            family=family, digest=_digest(refresh_token), issued_at=at, expires_at=ends
        )
        refresh_seconds = int((ends - at).total_seconds())
    return Issued(
        access_token=_signed(family, at=at, ends=access_ends),
        expires_in=int((access_ends - at).total_seconds()),
        refresh_token=refresh_token,
        refresh_expires_in=refresh_seconds,
    )


def _signed(family: TokenFamily, *, at: datetime, ends: datetime) -> str:
    key_id = newest_key_id()
    claims = {
        "iss": settings.SITE_URL,
        "aud": AUDIENCE,
        "sub": blind_index(str(family.user_id), context="token.subject")[:32],
        "sid": str(family.public_id),
        "iat": int(at.timestamp()),
        "exp": int(ends.timestamp()),
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode(
        claims,
        signing_key(key_id, purpose=PURPOSE),
        algorithm=ALGORITHM,
        headers={"kid": key_id, "typ": KIND},
    )


def _claims(token: str, *, at: datetime) -> dict:
    """The one algorithm that we sign with: what the token says of itself chooses only the key."""
    try:
        head = jwt.get_unverified_header(token)
        key = signing_key(str(head.get("kid", "")), purpose=PURPOSE)
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=settings.SITE_URL,
            options={"require": CLAIMS, "verify_exp": False, "verify_iat": False},
        )
        UUID(claims["sid"])
    except (jwt.PyJWTError, Undecipherable, ValueError, TypeError) as error:
        raise BadToken from error
    if head.get("typ") != KIND:
        raise BadToken
    if at.timestamp() >= claims["exp"]:
        raise TokenExpired
    return claims


def _rotate(token: str, *, at: datetime):
    known = RefreshToken.objects.filter(digest=_digest(token)).first()
    if known is None:
        return BadToken()
    family = TokenFamily.objects.select_for_update(of=("self",)).select_related("user")
    family = family.get(pk=known.family_id)
    known.refresh_from_db()
    if known.used_at is not None:
        _end_after_reuse(family, at=at)
        return TokenReused()
    if _session_of(family, at=at) is None:
        return TokenRevoked()
    if at >= known.expires_at:
        return TokenExpired()
    known.used_at = at
    known.save(update_fields=["used_at", "updated_at"])
    return _issue(family, at=at)


def _end_after_reuse(family: TokenFamily, *, at: datetime) -> None:
    if family.ended_at is not None:
        return
    _end(family, because=Ended.REUSED, at=at, actor=_actor(family.user))
    facts = {"device": family.device}
    notifications.queue(user=family.user, channel="EMAIL", kind="token_reused", context=facts)


def _end(family: TokenFamily, *, because: str, at: datetime, actor: Actor) -> None:
    if family.ended_at is not None:
        return
    family.ended_at, family.ended_because = at, because
    family.save(update_fields=["ended_at", "ended_because", "updated_at"])
    audit.record(actor=actor, deed="access.tokens_ended", subject=family, because=because)
    sessions.end_programs([family.session], why=_SHOWN[because], at=at)
    facts = Facts(ip_address=family.ip_address or "", device=family.device)
    logins.signed_out(user=family.user, facts=facts, at=at)
    seconds = settings.ACCESS_TOKEN_MINUTES * 60
    sid = str(family.public_id)
    transaction.on_commit(lambda: cache.set(_denied(sid), 1, seconds))


def _actor(user: User) -> Actor:
    return Actor("LOGIN", str(user.pk), person=f"login:{user.pk}")


def _denied(sid: str) -> str:
    return f"token-ended:{sid}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mark(user: User) -> str:
    return blind_index(user.password, context="token.password")
