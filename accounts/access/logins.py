"""
The history of signing in, and how many wrong tries one e-mail, phone or address has.

The counters stand in the database, for each login and for each address, whether or not there is
such a login: a dead cache opens nothing, and another account's success clears nothing (rule 24).
"""

from datetime import datetime

from django.db import transaction

from accounts.access import policy, queries
from accounts.access.models import LoginEvent, User
from wekeza.kit.encryption import blind_index

Result = LoginEvent.Result


def begin(*, typed: str, user: User | None, ip_address: str, device: str, at: datetime):
    """
    This will write an attempt down as refused before the password is looked at, and give it; None
    if there were too many. Counting first leaves no gap for attempts side by side.
    """
    index = blind_index(typed.lower(), context="access.login")
    event = LoginEvent.objects.create(
        user=user,
        result=Result.REFUSED,
        login_index=index,
        ip_address=ip_address or None,
        device=device,
        created_at=at,
    )
    recent = LoginEvent.objects.filter(result=Result.REFUSED, created_at__gt=at - policy.LOGIN_SPAN)
    of_login = recent.filter(login_index=index).count()
    of_address = recent.filter(ip_address=event.ip_address).count() if ip_address else 0
    if of_login > policy.LOGIN_TRIES or of_address > policy.LOGIN_TRIES_FROM_ADDRESS:
        # Not counted as a try: an attacker who goes on must not keep the customer out for ever.
        LoginEvent.objects.filter(pk=event.pk).update(result=Result.BLOCKED)
        return None
    return event


def passed(event: LoginEvent) -> None:
    """This will take an attempt back out of the count: the password was right."""
    LoginEvent.objects.filter(pk=event.pk).delete()


@transaction.atomic
def signed_in(*, user: User, ip_address: str, device: str, at: datetime) -> LoginEvent | None:
    """This will write down a finished login, and give the time before it."""
    before = queries.last_login_of(user)
    LoginEvent.objects.create(
        user=user, result=Result.IN, ip_address=ip_address or None, device=device, created_at=at
    )
    return before


def signed_out(*, user: User, ip_address: str, device: str, at: datetime) -> None:
    """This will write down the end of a session, chosen or by idling."""
    LoginEvent.objects.create(
        user=user, result=Result.OUT, ip_address=ip_address or None, device=device, created_at=at
    )
