"""Steps that tests of several rooms take: reading a code that was sent, registering, logging in."""

import re

from django.urls import reverse

from accounts.notifications.models import Message

EMAIL, PHONE = "juma@example.com", "+254722000418"
PASSWORD = "a quiet lake at dawn"


def newest(kind: str) -> Message:
    """The newest message of one kind, its words not yet erased."""
    return Message.objects.filter(kind=kind).order_by("-id").first()


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
