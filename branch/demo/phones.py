"""What the demo bank's people read off their phones: the codes that the bank texted them."""

import re
from datetime import datetime

from accounts.access import authorising
from accounts.access.authorising import Intent, Way
from accounts.access.models import User
from accounts.notifications.models import DemoInboxItem, Message

CODE = re.compile(r"code (\d{6})")


def secret_for(intent: Intent, *, pin: str, at: datetime) -> str:
    """This will give what somebody types to authorise an intent: the PIN, or a texted code."""
    if authorising.way_open(intent, at=at) == Way.PIN:
        return pin
    if not authorising.was_texted(intent, at=at):
        authorising.text_code(intent, at=at)
    return _last_code(intent.user)


def _last_code(user: User) -> str:
    texts = Message.objects.filter(user=user, channel=Message.Channel.SMS, kind__startswith="code_")
    last = texts.latest("pk")  # Once it is sent, its words are in the demo inbox alone.
    words = last.body or DemoInboxItem.objects.get(message=last).body
    return CODE.search(words)[1]
