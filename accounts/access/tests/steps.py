"""Steps that tests of several rooms take: reading a code that was sent, registering, logging in."""

import re
from itertools import count

from django.urls import reverse

from accounts.notifications.models import Message

EMAIL, PHONE = "juma@example.com", "+254722000418"
PASSWORD = "a quiet lake at dawn"
_numbers = count(1)


def spare_phone() -> str:
    """A number that no other test has; what committed tests made stays there for the next."""
    return f"+25473{next(_numbers):07}"


def newest(kind: str, *, user=None) -> Message:
    """The newest message of one kind, its words not yet erased; of one login if it is named."""
    messages = Message.objects.filter(kind=kind)
    messages = messages if user is None else messages.filter(user=user)
    return messages.order_by("-id").first()


def code_in(kind: str) -> str:
    """The six digits of the newest message of one kind."""
    return re.search(r"\b[0-9]{6}\b", newest(kind).body)[0]


def begin(client, *, phone="0722 000 418", email=EMAIL, password=PASSWORD):
    """The first page of registering."""
    return client.post("/register/", {"phone": phone, "email": email, "password1": password})


def confirm_phone(client, code=None):
    """The code that was texted."""
    code = code or code_in("code_phone")
    return client.post(reverse("account_verify_phone"), {"action": "verify", "code": code})


def confirm_email(client, code=None):
    """The code that was mailed."""
    code = code or code_in("email_confirmation_signup")
    page = reverse("account_email_verification_sent")
    return client.post(page, {"action": "verify", "code": code})


def register(client, **facts):
    """A login with both codes confirmed, not yet a customer."""
    begin(client, **facts)
    confirm_phone(client)
    return confirm_email(client)


def log_in(client, login, password, **more):
    """The login page."""
    return client.post("/login/", {"login": login, "password": password}, **more)


def give_pin(client, change, pin="2580"):
    """The first half of confirming a change: the PIN, after which a code is on its way."""
    return client.post(f"/settings/security/confirm/{change}/", {"pin": pin})


def give_code(client, change, code=None):
    """The second half: the code that was texted to the phone of now, or one of the app."""
    code = code or code_in(f"code_change_{change.replace('-', '_')}")
    return client.post(f"/settings/security/confirm/{change}/", {"code": code})


def confirm(client, change, *, code=None):
    """A change of what protects the money, confirmed with PIN and code."""
    give_pin(client, change)
    return give_code(client, change, code)
