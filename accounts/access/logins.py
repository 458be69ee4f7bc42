"""
The history of signing in, and how many wrong tries one e-mail, phone or address has.

The counters stand in the database, for each login and for each address, whether or not there is
such a login: a dead cache opens nothing, and another account's success clears nothing (rule 24).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.access import policy, queries
from accounts.access.devices import Facts
from accounts.access.models import KnownDevice, LoginEvent, User
from accounts.notifications import operations as notifications
from wekeza.kit.addresses import network_of
from wekeza.kit.encryption import blind_index

Result = LoginEvent.Result


def begin(*, typed: str, user: User | None, facts: Facts, at: datetime):
    """
    This will write an attempt down as refused before the password is looked at, and give it; None
    if there were too many. Counting first leaves no gap for attempts side by side.
    """
    index = blind_index(typed.lower(), context="access.login")
    event = _write(user, Result.REFUSED, facts=facts, at=at, login_index=index)
    recent = LoginEvent.objects.filter(result=Result.REFUSED, created_at__gt=at - policy.LOGIN_SPAN)
    of_login = recent.filter(login_index=index).count()
    of_address = _from_there(recent, facts.ip_address).count() if facts.ip_address else 0
    if of_login > policy.LOGIN_TRIES or of_address > policy.LOGIN_TRIES_FROM_ADDRESS:
        # Not counted as a try: an attacker who goes on must not keep the customer out for ever.
        LoginEvent.objects.filter(pk=event.pk).update(result=Result.BLOCKED)
        return None
    return event


def _from_there(events: QuerySet[LoginEvent], address: str) -> QuerySet[LoginEvent]:
    """The events of one subscriber, who has many IPv6 addresses."""
    network = network_of(address)
    if network.num_addresses == 1:
        return events.filter(ip_address=address)
    return events.filter(ip_address__range=(str(network[0]), str(network[-1])))


def passed(event: LoginEvent) -> None:
    """This will take an attempt back out of the count: the password was right."""
    LoginEvent.objects.filter(pk=event.pk).delete()


@transaction.atomic
def signed_in(
    *, user: User, how: str, cookie: str, facts: Facts, at: datetime
) -> tuple[LoginEvent | None, KnownDevice]:
    """
    This will write down a finished login, and give the time before it and the device. Whoever
    signed in before and now does from a browser that the bank does not know is told by text and
    e-mail.
    """
    before = queries.last_login_of(user)
    device, is_new = _known_device(user, cookie=cookie, facts=facts, at=at)
    is_new_device = is_new and before is not None
    _write(user, Result.IN, facts=facts, at=at, how=how, is_new_device=is_new_device)
    if is_new_device:
        _tell_of_new_device(user, facts=facts, at=at)
    return before, device


def wrong_code(user: User, *, facts: Facts, at: datetime) -> None:
    """This will write down that the second step of a login was refused: wrong code, or locked."""
    _write(user, Result.WRONG_CODE, facts=facts, at=at)


def signed_out(*, user: User, facts: Facts, at: datetime) -> None:
    """This will write down the end of a session, chosen or by idling."""
    _write(user, Result.OUT, facts=facts, at=at)


def _write(user, result, *, facts: Facts, at: datetime, **more) -> LoginEvent:
    return LoginEvent.objects.create(
        user=user,
        result=result,
        ip_address=facts.ip_address or None,
        device=facts.device,
        created_at=at,
        **more,
    )


def _known_device(user, *, cookie, facts, at) -> tuple[KnownDevice, bool]:
    seen = {"name": facts.device, "ip_address": facts.ip_address or None, "last_seen_at": at}
    return KnownDevice.objects.update_or_create(
        user=user,
        cookie_index=blind_index(cookie, context="access.device"),
        defaults=seen,
        create_defaults=seen | {"first_seen_at": at},
    )


def _tell_of_new_device(user, *, facts, at) -> None:
    told = {"at": at, "device": facts.device.replace(" · ", ", ")}  # A text has no such dot.
    if user.phone and user.is_phone_verified:
        notifications.queue(user=user, channel="SMS", kind="new_device", context=told)
    notifications.queue(user=user, channel="EMAIL", kind="new_device", context=told)
