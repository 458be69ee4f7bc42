"""Reads of messages: what is on its way to a customer, and the demo bank's inbox."""

import re
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.notifications.models import DemoInboxItem, Message, MessageChoice

_NUMBER = re.compile(r"(?:\+?254|0)([17][0-9]{8})")
_GAPS = str.maketrans("", "", " -()")
_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
_HAS_CODE = r"(^|[^0-9])[0-9]{6}([^0-9]|$)"  # The same as PostgreSQL reads it.
CODE_LASTS = timedelta(minutes=10)


def messages_to(user, *, most: int = 20) -> list[Message]:
    """This will give the newest messages to one person; their words may be erased already."""
    return list(Message.objects.filter(user=user).order_by("-id")[:most])


def inbox(*, at: datetime, search: str = "", most: int = 50) -> list[DemoInboxItem]:
    """
    This will give what arrived in the demo inbox, for all or one address: first the codes that may
    still work, which a year of receipts would push out of sight, then the rest, newest first.
    """
    items = DemoInboxItem.objects.order_by("-id")
    if search:
        told = Q(recipient__icontains=search) | Q(body__icontains=search)
        if number := _NUMBER.fullmatch(search.translate(_GAPS)):
            told |= Q(recipient__endswith=number[1])  # Kept as +254 and nine digits.
        items = items.filter(told)
    has_code = Q(subject__regex=_HAS_CODE) | Q(body__regex=_HAS_CODE)
    codes = list(items.filter(has_code, created_at__gte=at - CODE_LASTS)[:most])
    others = items.exclude(pk__in=[item.pk for item in codes])
    found = [*codes, *others[: most - len(codes)]]
    for item in found:
        code = _CODE.search(f"{item.subject}\n{item.body}")
        item.code = code[0] if code else ""
    return found


def wants(user, topic: str) -> bool:
    """This will say whether somebody wants messages on a topic; who never chose does."""
    return not MessageChoice.objects.filter(user=user, topic=topic, is_wanted=False).exists()


def choices_of(user) -> dict[str, bool]:
    """This will give every topic with whether somebody wants it."""
    chosen = dict(MessageChoice.objects.filter(user=user).values_list("topic", "is_wanted"))
    return {topic: chosen.get(topic, True) for topic in MessageChoice.Topic}


def held_on(customer) -> list[dict]:
    """This will give which messages went to the customer and when; their words are erased."""
    return [
        {
            "when": message.created_at,
            "channel": message.channel,
            "kind": message.kind,
            "to": message.recipient,
            "state": message.state,
        }
        for message in Message.objects.filter(user=customer.user_id).order_by("-id")
    ]


def choices_held_on(customer) -> list[dict]:
    """This will give which messages the customer wants."""
    return [
        {"topic": MessageChoice.Topic(topic).label, "wanted": is_wanted}
        for topic, is_wanted in choices_of(customer.user_id).items()
    ]
