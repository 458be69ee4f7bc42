"""
One-time codes by text or e-mail. A code authorises one intent: `intent` names it (label and id) and
`intent_digest` is the SHA-256 of what the customer was shown, so that an edited payment needs
another code (decision 23).

`verify` is a transaction of its own, called before the deed's: a wrong try stays counted although
the deed is refused. It may be called again with the right code for the same intent, as a second tap
does; the intent itself happens once.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.access import policy, queries
from accounts.access.models import Challenge, User
from accounts.access.refusals import (
    CodeExpired,
    CodeForOtherIntent,
    CodeLocked,
    CodeReplaced,
    CodeTooSoon,
    WrongCode,
)
from accounts.notifications import operations as notifications
from ledger.controls import audit
from wekeza.kit.actor import Actor

State = Challenge.State


@transaction.atomic
def issue(
    *,
    user: User,
    purpose: str,
    intent: str,
    intent_digest: str,
    text_facts: Mapping,
    at: datetime,
    channel: str = "SMS",
    recipient: str = "",
    is_silent: bool = False,
) -> Challenge:
    """
    This will text a six-digit code that authorises one intent for five minutes, in place of older
    codes of that intent. The text is `templates/sms/code_<purpose>.txt` with `text_facts`; on the
    channel EMAIL it is the one in `templates/mail`. It goes to the login's own phone or address
    unless `recipient` is another. A silent one is told to nobody, and no code will be right.

    :raises CodeLocked: while too many wrong codes keep sending off.
    :raises CodeTooSoon: if the last code for the same facts is younger than 60 seconds.
    """
    # One login's codes are judged one after the other, or parallel tries would each get five.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    _check_not_too_soon(queries.open_challenge(intent=intent, user=user), intent_digest, at=at)

    Challenge.objects.filter(intent=intent, state=State.OPEN).update(state=State.REPLACED)
    code = f"{secrets.randbelow(10**policy.CODE_DIGITS):0{policy.CODE_DIGITS}}"
    challenge = Challenge(
        user=user,
        purpose=purpose,
        intent=intent,
        intent_digest=intent_digest,
        channel=channel,
        sent_at=at,
        expires_at=at + policy.CODE_LIFE,
    )
    challenge.code_hash = _hashed(challenge, code)
    challenge.save(force_insert=True)
    if not is_silent:
        notifications.queue(
            user=user,
            channel=channel,
            kind=f"code_{purpose.lower()}",
            recipient=recipient,
            context={**text_facts, "code": code},
        )
    return challenge


def verify(
    challenge: Challenge,
    *,
    code: str,
    intent_digest: str,
    at: datetime,
    actor: Actor,
    is_once: bool = False,
) -> None:
    """
    This will accept the code that was sent for exactly this intent, or refuse and count the try.
    The same code may come again, for a deed that is itself done once, unless `is_once`.

    :raises WrongCode: if it is not the code; says how many tries are left.
    :raises CodeLocked: at the last wrong try, and until its lock ends.
    :raises CodeExpired: if its five minutes are over.
    :raises CodeForOtherIntent: if the intent is not what the customer was shown.
    :raises CodeReplaced: if a newer code was sent.
    """
    with transaction.atomic(durable=True):
        refusal = _judge(
            challenge,
            code=code,
            intent_digest=intent_digest,
            at=at,
            actor=actor,
            is_once=is_once,
        )
    if refusal is not None:
        raise refusal


@transaction.atomic
def void(*, intent: str) -> None:
    """This will take the open code of an intent out of use: it was edited or cancelled."""
    Challenge.objects.filter(intent=intent, state=State.OPEN).update(state=State.REPLACED)


def _check_not_too_soon(earlier: Challenge | None, intent_digest: str, *, at: datetime) -> None:
    if earlier and earlier.state == State.OPEN and earlier.intent_digest == intent_digest:
        waits = earlier.sent_at + policy.RESEND_AFTER - at
        if waits.total_seconds() > 0:
            raise CodeTooSoon(seconds=int(waits.total_seconds()) or 1)


def _judge(challenge, *, code, intent_digest, at, actor, is_once):
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=challenge.user_id)
    challenge.refresh_from_db()
    if until := queries.sending_off_until(challenge.user, at=at):
        return CodeLocked.over(until)
    spent = {State.REPLACED, State.LOCKED} | ({State.PASSED} if is_once else set())
    if challenge.state in spent:
        return CodeReplaced()
    if not constant_time_compare(challenge.intent_digest, intent_digest):
        return CodeForOtherIntent()
    if at >= challenge.expires_at:
        return CodeExpired()
    if not policy.is_digits(code, policy.CODE_DIGITS) or not constant_time_compare(
        challenge.code_hash, _hashed(challenge, code)
    ):
        return _count_wrong(challenge, at=at, actor=actor)
    if challenge.state == State.OPEN:
        Challenge.objects.filter(pk=challenge.pk, state=State.OPEN).update(
            state=State.PASSED, passed_at=at
        )
        challenge.refresh_from_db()
        audit.record(
            actor=actor, deed="access.code_passed", subject=challenge, intent=challenge.intent
        )
    return None


def _count_wrong(challenge, *, at, actor):
    challenge.tries = min(challenge.tries + 1, policy.CODE_TRIES)
    left = policy.CODE_TRIES - _wrong_tries(challenge, at=at)
    if left <= 0:
        challenge.state = State.LOCKED
        challenge.locked_until = at + policy.LOCK
    challenge.save(update_fields=["tries", "state", "locked_until", "updated_at"])
    if left > 0:
        return WrongCode(left=left)
    audit.record(
        actor=actor, deed="access.codes_locked", subject=challenge, until=challenge.locked_until
    )
    return CodeLocked.over(challenge.locked_until)


def _wrong_tries(challenge, *, at) -> int:
    """Wrong tries since the last right one: asking for new codes does not buy new tries."""
    recent = Challenge.objects.filter(user=challenge.user, sent_at__gt=at - policy.LOCK)
    total = challenge.tries
    for state, tries in (
        recent.exclude(pk=challenge.pk).order_by("-id").values_list("state", "tries")
    ):
        if state in {State.PASSED, State.LOCKED}:
            break
        total += tries
    return total


def _hashed(challenge: Challenge, code: str) -> str:
    return policy.keyed_code(code, scope=f"challenge:{challenge.public_id}")
