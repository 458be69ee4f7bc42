"""Registering by a program: phone and e-mail prove themselves by the same codes as on the pages."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account import views as account
from django.db import models
from django.urls import reverse
from rest_framework.exceptions import ValidationError

from accounts.access import devices, pages, sessions, tokens
from accounts.access.models import DeviceSession
from accounts.access.refusals import StepGone, WrongStepCode
from accounts.access.tokens import Issued

SECONDS = 30 * 60


class Step(models.TextChoices):
    """Whose code comes next."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Going:
    """A registration on its way, and the code that it waits for."""

    registration_token: str
    next: str


VIEWS = {Step.PHONE: account.verify_phone, Step.EMAIL: account.email_verification_sent}


def begin(request, *, phone: str, email: str, password: str, at: datetime) -> Going:
    """
    This will begin a registration and text the first code. Whether phone or e-mail address belong
    to somebody already is not said, as on the page (their owner is told instead).

    :raises ValidationError: with what the form says of each field.
    """
    page = pages.press(
        request, account.signup, {"phone": phone, "email": email, "password1": password}
    )
    if page.errors:
        named = {"password1": "password"}
        raise ValidationError({named.get(name, name): said for name, said in page.errors.items()})
    return Going(pages.sealed(page, at=at), Step.PHONE.value)


def confirm(request, *, token: str, step: str, code: str, at: datetime) -> Going | Issued:
    """
    This will take the code of a step: after the phone's the e-mail's is mailed, and after that the
    login stands and its first tokens are given.

    :raises WrongStepCode: if it is not the code.
    :raises StepGone: if the registration is over: too many wrong codes, or half an hour.
    """
    page = _press(request, token, step, {"action": "verify", "code": code}, at=at)
    if page.errors:
        raise WrongStepCode
    if page.request.user.is_authenticated:
        return _into_tokens(page, at=at)
    if page.leads_to == reverse("account_email_verification_sent"):
        return Going(pages.sealed(page, at=at), Step.EMAIL.value)
    raise StepGone


def resend(request, *, token: str, step: str, at: datetime) -> Going:
    """
    This will send the code of a step once more.

    :raises StepGone: if the registration is over.
    """
    page = _press(request, token, step, {"action": "resend"}, at=at)
    if page.leads_to not in {
        reverse("account_email_verification_sent"),
        reverse("account_verify_phone"),
    }:
        raise StepGone
    return Going(pages.sealed(page, at=at), step)


def _press(request, token, step, data, *, at):
    key = pages.opened(token, user=None, at=at, seconds=SECONDS)
    return pages.press(request, VIEWS[Step(step)], data, key=key)


def _into_tokens(page, *, at) -> Issued:
    """The browser's session was only the way here; the program goes on with tokens."""
    user, row = page.request.user, getattr(page.request, "device_session", None)
    page.request.session.flush()
    if row is not None:
        sessions.end(row, why=DeviceSession.Ended.OUT, at=at)
    facts = devices.facts_of_program(page.request)
    return tokens.begin(user, is_short=False, facts=facts, at=at, is_new=False)
