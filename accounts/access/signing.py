"""
A passkey's signature under one intent that moves money: asked for, and given once.

A question is a Challenge of the channel KEY. What the passkey signs is a keyed hash of the login,
the intent, the question and the digest of what was shown, so a signature belongs to one payment as
it stood, and to one press of the button. Whatever the answer, the question is over then.
"""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from accounts.access import passkeys, policy, queries
from accounts.access.models import Challenge, User
from accounts.access.refusals import CodeLocked
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

KEY = "KEY"
State = Challenge.State


class SignedTooLate(passkeys.WrongPasskey):
    code = "signed_too_late"
    text = _("That took longer than 2 minutes. Nothing was done. Try again")


class SignedBefore(passkeys.WrongPasskey):
    """The question was answered already, or another took its place."""

    code = "signed_before"
    text = _("That signature was used up. Look at your payments, then try again if you need to")


class SignedSomethingElse(passkeys.WrongPasskey):
    """It is this login's own signature, under another intent or other details."""

    code = "signed_something_else"
    text = _("You signed something else. Nothing was done. Check the details and try again")


@transaction.atomic
def ask(user: User, *, intent: str, intent_digest: str, host: str, at: datetime) -> dict:
    """
    This will give what the browser asks the person's passkeys, to authorise one intent within two
    minutes; what was asked for it before is over.

    :raises UnknownPasskey: if the login has none.
    :raises CodeLocked: while too many wrong codes keep everything off.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    if not queries.has_passkey(user):
        raise passkeys.UnknownPasskey
    Challenge.objects.filter(intent=_kept(intent), state=State.OPEN).update(state=State.REPLACED)
    question = Challenge(
        user=user,
        purpose="PASSKEY",
        intent=_kept(intent),
        intent_digest=intent_digest,
        channel=KEY,
        sent_at=at,
        expires_at=at + policy.PASSKEY_LIFE,
    )
    asked = passkeys.options(user, intent=_named(question), intent_digest=intent_digest, host=host)
    question.code_hash = websafe_decode(asked["publicKey"]["challenge"]).hex()
    question.save(force_insert=True)
    return asked


def accept(
    user: User,
    *,
    credential: str,
    intent: str,
    intent_digest: str,
    host: str,
    at: datetime,
    actor: Actor,
) -> None:
    """
    This will accept a passkey's signature (JSON, as the browser gave it) under exactly this intent,
    once; a transaction of its own, called before the deed's.

    :raises SignedTooLate: if its two minutes are over.
    :raises SignedBefore: if it was used, or something was asked after it.
    :raises SignedSomethingElse: if it stands under another intent, or other details.
    :raises WrongPasskey: and the other refusals of `passkeys.verify`.
    """
    challenge = passkeys.read(credential).response.client_data.challenge.hex()
    facts = {"credential": credential, "intent_digest": intent_digest, "host": host, "at": at}
    with transaction.atomic(durable=True):
        asked = Challenge.objects.select_for_update().filter(user=user, channel=KEY)
        question = asked.filter(code_hash=challenge).first()
        refusal = _judge(question, intent=intent, actor=actor, **facts)
    if refusal is not None:
        raise refusal


def _judge(question, *, credential, intent, intent_digest, host, at, actor) -> Refusal | None:
    if question is None:
        return passkeys.WrongPasskey()
    if question.intent != _kept(intent) or not constant_time_compare(
        question.intent_digest, intent_digest
    ):
        return SignedSomethingElse()
    if question.state != State.OPEN:
        return SignedBefore()
    question.state, refusal = State.REPLACED, None
    try:
        if at >= question.expires_at:
            raise SignedTooLate
        facts = {"credential": credential, "intent_digest": intent_digest, "host": host, "at": at}
        passkeys.verify(question.user, intent=_named(question), **facts)
        question.state, question.passed_at = State.PASSED, at
        audit.record(actor=actor, deed="access.passkey_passed", subject=question, intent=intent)
    except Refusal as refused:
        refusal = refused
    question.save(update_fields=["state", "passed_at", "updated_at"])
    return refusal


def _kept(intent: str) -> str:
    """Beside a texted code of the same intent, which stays good."""
    return f"key:{intent}"


def _named(question: Challenge) -> str:
    return f"{question.intent}:{question.public_id}"
