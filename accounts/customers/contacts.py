"""
How else a customer is reached: further phones and addresses (CK14). The main phone is the login's;
e-mail addresses are allauth's, which has its own pages for them.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.access import operations as access
from accounts.access import policy
from accounts.access import queries as access_queries
from accounts.access.models import Challenge
from accounts.access.refusals import CodeExpired, CodeTooSoon
from accounts.customers import operations as customers
from accounts.customers import queries
from accounts.customers.models import Address, Customer, FurtherPhone
from accounts.customers.refusals import (
    BeingChecked,
    PhoneKnown,
    PhoneTaken,
    TooManyContacts,
    TooManyNumbers,
)
from accounts.notifications import operations as notifications
from accounts.registry import operations as registry
from accounts.registry.models import IdentityCheck
from ledger.controls import audit, doors
from wekeza.kit.actor import SYSTEM, Actor

MOST = 5  # Of each kind; more serve nobody who is a person.
MOST_CODES_A_DAY = 10  # Texts to numbers that have not said yes.
PURPOSE = "FURTHER_PHONE"


@transaction.atomic
def add_phone(customer: Customer, *, phone: str, at: datetime, actor: Actor) -> FurtherPhone:
    """
    This will keep a further phone (+254 and nine digits) and text its code to it. Whether it is
    another customer's is said only to whoever can read that code.

    :raises PhoneKnown: if it is the customer's already.
    :raises TooManyContacts: if there are five.
    :raises TooManyNumbers: if ten codes went out within a day.
    :raises CodeTooSoon: if the last code is younger than 60 seconds.
    """
    _lock(customer)
    index = access_queries.phone_index(phone)
    row = customer.further_phones.filter(phone_index=index).first()
    if index == customer.user.phone_index or (row is not None and row.is_confirmed):
        raise PhoneKnown()
    if row is None and customer.further_phones.count() >= MOST:
        raise TooManyContacts(most=MOST)
    row = row or FurtherPhone.objects.create(customer=customer, phone=phone, phone_index=index)
    text_code(row, at=at)
    audit.record(actor=actor, deed="customer.phone_begun", subject=row)
    return row


@transaction.atomic
def text_code(further: FurtherPhone, *, at: datetime) -> None:
    """
    This will text a code to a further phone that is still to be confirmed.

    :raises CodeTooSoon: if the last one is younger than 60 seconds.
    :raises TooManyNumbers: if ten codes went out within a day.
    """
    user = further.customer.user
    sent = Challenge.objects.filter(user=user, purpose=PURPOSE)
    newest = sent.order_by("-id").first()
    waits = newest and (newest.sent_at + policy.RESEND_AFTER - at).total_seconds()
    if waits and waits > 0:
        raise CodeTooSoon(seconds=int(waits) or 1)
    if sent.filter(sent_at__gt=at - timedelta(days=1)).count() >= MOST_CODES_A_DAY:
        raise TooManyNumbers()
    access.challenges.issue(
        user=user,
        purpose=PURPOSE,
        intent=_intent(further),
        intent_digest=_digest(further),
        text_facts={},
        at=at,
        recipient=further.phone,
    )


def confirm_phone(further: FurtherPhone, *, code: str, at: datetime, actor: Actor) -> None:
    """
    This will take a further phone as the customer's whose code it is.

    :raises WrongCode: with the tries left; CodeLocked at the last one.
    :raises CodeExpired: or CodeReplaced, if it is no longer good.
    :raises PhoneTaken: if the phone is another customer's.
    """
    challenge = access_queries.open_challenge(intent=_intent(further), user=further.customer.user)
    if challenge is None:
        raise CodeExpired
    access.challenges.verify(
        challenge, code=code, intent_digest=_digest(further), at=at, actor=actor, is_once=True
    )
    owner = access_queries.user_by_phone(further.phone)
    if owner is not None and owner.pk != further.customer.user_id:
        raise PhoneTaken()
    try:
        with transaction.atomic():
            further.confirmed_at = at
            further.save(update_fields=["confirmed_at", "updated_at"])
            audit.record(actor=actor, deed="customer.phone_added", subject=further)
            _tell(further.customer)
    except IntegrityError as error:
        raise PhoneTaken() from error


@transaction.atomic
def make_main_phone(further: FurtherPhone, *, at: datetime, actor: Actor) -> None:
    """
    This will swap the main phone with a further one, tell the old one and make large payments wait
    (rule 26). Whoever asks has confirmed it with PIN and code before.

    :raises PhoneTaken: if it is another login's by now.
    """
    customer = _lock(further.customer)
    row = FurtherPhone.objects.select_for_update().get(pk=further.pk, confirmed_at__isnull=False)
    user = customer.user
    before = user.phone if user.is_phone_verified else ""
    try:
        with transaction.atomic():
            access.set_phone(user, phone=row.phone, is_verified=True, at=at)
            if before:
                row.phone, row.phone_index = before, access_queries.phone_index(before)
                row.save(update_fields=["phone", "phone_index", "updated_at"])
            else:
                row.delete()
    except IntegrityError as error:
        raise PhoneTaken() from error
    audit.record(actor=actor, deed="customer.main_phone_chosen", subject=customer)


@transaction.atomic
def remove_phone(further: FurtherPhone, *, actor: Actor) -> None:
    """This will forget a further phone; the main one stays."""
    audit.record(actor=actor, deed="customer.phone_removed", subject=further)
    if further.is_confirmed:
        _tell(further.customer)
    FurtherPhone.objects.filter(pk=further.pk).delete()


@transaction.atomic
def add_address(customer: Customer, *, actor: Actor, **facts) -> Address:
    """
    This will keep one more address; the first is the main one.

    :raises TooManyContacts: if there are five.
    :raises BeingChecked: if it would be the main one while an officer looks at the customer.
    """
    _lock(customer)
    known = customer.addresses.count()
    if known >= MOST:
        raise TooManyContacts(most=MOST)
    if known == 0:
        _refuse_in_review(customer)
    else:
        _tell(customer)
    address = Address.objects.create(customer=customer, is_main=known == 0, **facts)
    audit.record(actor=actor, deed="customer.address_added", subject=address)
    return address


@transaction.atomic
def change_address(address: Address, *, actor: Actor, **facts) -> None:
    """
    This will keep an address as it is now; the trail says which parts changed.

    :raises BeingChecked: if it is the main one and an officer looks at it.
    """
    rows = Address.objects.select_for_update(of=("self",)).select_related("customer__user")
    row = rows.get(pk=address.pk)
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if not changed:
        return
    if row.is_main:
        _refuse_in_review(row.customer)
    for name in changed:
        setattr(row, name, facts[name])
    row.save(update_fields=[*changed, "updated_at"])
    audit.record(
        actor=actor, deed="customer.address_changed", subject=row, fields=", ".join(changed)
    )
    _tell(row.customer)


@transaction.atomic
def keep_main_address(customer: Customer, *, line: str, actor: Actor) -> Address:
    """
    This will keep where a customer lives, in one line, as the main address.

    :raises BeingChecked: if it is another, while an officer looks at it.
    """
    _lock(customer)
    main = customer.addresses.filter(is_main=True).first()
    if main is None:
        return add_address(customer, line=line, actor=actor)
    if line not in (main.line, queries.address_words(main)):
        change_address(main, line=line, town="", county="", actor=actor)
    return main


@transaction.atomic
def tell_profile(
    customer: Customer,
    *,
    language: str,
    at: datetime,
    actor: Actor,
    address: str | None = None,
    occupation: str | None = None,
    news: bool | None = None,
    text_hash: str = "",
) -> Customer:
    """
    This will keep what a customer's program changes at once: main address, occupation, and whether
    news may come, whose text with `text_hash` was read in `language`; what is None stays.

    :raises BeingChecked: if address or occupation are others, while an officer looks at them.
    :raises ConsentOutdated: if news are agreed to by another text.
    """
    if address is not None:
        keep_main_address(customer, line=address, actor=actor)
    if occupation is not None:
        customers.update_profile(customer, occupation=occupation, actor=actor)
    if news is not None:
        shown = {"seen": [text_hash], "language": language, "channel": "API"}
        customers.choose_news(customer, agrees=news, **shown, at=at, actor=actor)
    return customer


@transaction.atomic
def make_main_address(address: Address, *, actor: Actor) -> None:
    """
    This will make an address the main one, in place of the one that was.

    :raises BeingChecked: while an officer looks at the one that is.
    """
    customer = _lock(address.customer)
    _refuse_in_review(customer)
    Address.objects.filter(customer=address.customer_id, is_main=True).update(is_main=False)
    Address.objects.filter(pk=address.pk).update(is_main=True)
    audit.record(actor=actor, deed="customer.main_address_chosen", subject=address)
    _tell(customer)


@transaction.atomic
def remove_address(address: Address, *, actor: Actor) -> None:
    """
    This will forget an address; if it was the main one, the oldest other takes its place.

    :raises BeingChecked: if it is the main one and an officer looks at it.
    """
    customer = _lock(address.customer)
    if address.is_main:
        _refuse_in_review(customer)
    audit.record(actor=actor, deed="customer.address_removed", subject=address)
    Address.objects.filter(pk=address.pk).delete()
    oldest = customer.addresses.order_by("pk").first()
    if oldest is not None and not customer.addresses.filter(is_main=True).exists():
        Address.objects.filter(pk=oldest.pk).update(is_main=True)
    _tell(customer)


@transaction.atomic
def ask_about_phone(*, user: int, at: datetime, **_) -> None:
    """This will ask the network whose main phone it is now; handler of "phone.changed"."""
    customer = Customer.objects.select_related("user").filter(user=user).first()
    if customer is not None:
        registry.ask(customer, kind=IdentityCheck.Kind.PHONE, at=at, actor=SYSTEM)


def _refuse_in_review(customer: Customer) -> None:
    if queries.is_being_checked(customer):
        raise BeingChecked


def _tell(customer: Customer) -> None:
    """The main phone hears of every change, so that nobody else makes one unseen."""
    notifications.queue(user=customer.user, channel="SMS", kind="contacts_changed")


def _lock(customer: Customer) -> Customer:
    """One customer's contacts change one after the other, or two would both be the main one."""
    return (
        Customer.objects.select_related("user")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=customer.pk)
    )


def _intent(further: FurtherPhone) -> str:
    return f"customers.further_phone:{further.pk}"


def _digest(further: FurtherPhone) -> str:
    return doors.digest_of({"customer": further.customer_id, "phone": further.phone_index})
