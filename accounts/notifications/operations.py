"""Queueing a text or an e-mail with the deed that causes it, and sending it afterwards."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.notifications import providers
from accounts.notifications.models import DemoInboxItem, Message, MessageChoice
from accounts.notifications.states import LIFECYCLE
from ledger.controls import audit, outbox
from wekeza.kit.actor import Actor

State = Message.State


STILL_SENDING = timedelta(minutes=3)  # Longer than any provider may take to answer.


# One sign outside GSM-7 more than halves what a text may hold (kenya.md 10.2).
_PLAIN = str.maketrans({"\u00a0": " ", "•": "*", "’": "'", "–": "-", "−": "-", "…": "..."})


@transaction.atomic
def queue(
    *,
    user,
    channel: str,
    kind: str,
    recipient: str = "",
    context: Mapping | None = None,
    language: str = "",
) -> Message:
    """
    This will write a message of one kind for one person, to be sent after the deed is committed.

    Texts come from templates/sms/<kind>.txt, e-mails from templates/mail/<kind>.txt whose first
    line is the subject. `recipient` is a phone as +254 and nine digits, or an e-mail address;
    without one it is the user's own. `language` defaults to the user's.
    """
    language = language or getattr(user, "language", "") or "en"
    if not recipient:
        recipient = user.phone if channel == Message.Channel.SMS else user.email
    subject, body = _words(channel, kind, context or {}, language)
    message = Message.objects.create(
        user=user,
        channel=channel,
        kind=kind,
        language=language,
        recipient=recipient,
        subject=subject,
        body=body,
    )
    outbox.publish("message.queued", {"message": message.pk})
    return message


def deliver(*, message: int, at: datetime, **_) -> None:
    """
    This will send one queued message through the provider of its channel, at most once.

    The claim is committed before the network call. A sender that dies in between leaves the message
    SENDING; when it is told again, nobody knows whether it went out, so it becomes UNKNOWN and is
    not repeated: the customer asks for a new code, or reads the notice in the bank.

    :raises TryLater: if the provider was too busy to take it; the outbox tells us again later.
    :raises NotYet: if no provider is configured; the message waits until one is.
    """
    row = Message.objects.get(pk=message)
    if row.state == State.SENDING:
        if row.claimed_at and at - row.claimed_at < STILL_SENDING:
            raise outbox.TryLater("another sender has it")
        _finish(row, to=State.UNKNOWN, at=at, error="sender died")
        return
    if row.state != State.QUEUED:
        return
    _claim(row, at=at)

    answer = providers.send(row)

    if answer.result in {providers.Result.BUSY, providers.Result.NOBODY}:
        LIFECYCLE.move(row, to=State.QUEUED)
        is_busy = answer.result == providers.Result.BUSY
        raise (outbox.TryLater if is_busy else outbox.NotYet)(answer.error)
    _finish(
        row,
        to=State(answer.result),
        at=at,
        error=answer.error,
        provider=answer.provider,
        provider_ref=answer.reference,
    )


@transaction.atomic
def choose(user, *, topic: str, is_wanted: bool, actor: Actor) -> None:
    """This will keep whether somebody wants messages on a topic (SE03)."""
    choice, _ = MessageChoice.objects.update_or_create(
        user=user, topic=MessageChoice.Topic(topic), defaults={"is_wanted": is_wanted}
    )
    audit.record(
        actor=actor, deed="messages.chosen", subject=choice, topic=topic, is_wanted=is_wanted
    )


def disown(user_ids: Collection[int]) -> None:
    """This will cut messages loose from logins that are about to be deleted."""
    Message.objects.filter(user__in=user_ids).update(user=None)


@transaction.atomic
def _claim(row: Message, *, at: datetime) -> None:
    LIFECYCLE.move(row, to=State.SENDING)
    row.claimed_at = at
    row.save(update_fields=["claimed_at", "updated_at"])


@transaction.atomic
def _finish(row: Message, *, to: str, at: datetime, error="", provider="", provider_ref="") -> None:
    row.state = Message.objects.select_for_update().values_list("state", flat=True).get(pk=row.pk)
    if provider == providers.DEMO_INBOX:
        DemoInboxItem.objects.create(
            message=row,
            channel=row.channel,
            recipient=row.recipient,
            subject=row.subject,
            body=row.body,
        )
    LIFECYCLE.move(row, to=to)
    # The words hold codes and figures: once nobody will send them again, they are erased.
    row.subject = row.body = ""
    row.provider, row.provider_ref, row.error = provider, provider_ref[:80], error[:120]
    row.sent_at = at if to == State.SENT else None
    row.save(
        update_fields=[
            "subject",
            "body",
            "provider",
            "provider_ref",
            "error",
            "sent_at",
            "updated_at",
        ]
    )


def _words(channel: str, kind: str, context: Mapping, language: str) -> tuple[str, str]:
    """Subject and body in the person's language; the subject is the first line of an e-mail."""
    with translation.override(language):
        folder = "sms" if channel == Message.Channel.SMS else "mail"
        text = render_to_string(f"{folder}/{kind}.txt", dict(context)).strip()
    if channel == Message.Channel.SMS:
        text = text.translate(_PLAIN)
        return "", "\n".join(line.strip() for line in text.splitlines() if line.strip())
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip()
