"""Taking somebody on as a customer, and what customers change about themselves."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.access import operations as access
from accounts.access.models import User
from accounts.customers import consents, names, queries, standing
from accounts.customers.models import Application, Consent, Customer
from accounts.customers.refusals import (
    AlreadyCustomer,
    BadName,
    BadNationalId,
    BeingChecked,
    ConsentMissing,
    ConsentOutdated,
    ForeignLetters,
    IdTaken,
    NotBornYet,
    NotReady,
    OneName,
    StaffLogin,
    TooManyIds,
    TooYoung,
)
from accounts.deposits import operations as deposits
from accounts.notifications import operations as notifications
from accounts.registry import operations as registry
from accounts.staff import queries as staff
from ledger.controls import audit
from wekeza.kit.actor import Actor

FIRST_TIER = "TIER_1"  # IA02, CK01: name, ID number, phone and e-mail, all self-declared.
MOST_OTHER_IDS = 3
OLDEST = 120


def tell_details(
    user: User, *, full_name: str, national_id: str, date_of_birth: date, at: datetime
) -> Application:
    """
    This will keep name, national ID and date of birth of somebody who is registering.

    :raises BadNationalId: if it is not 6 to 9 digits.
    :raises TooYoung: if the person is not 18 on the Nairobi day of `at`.
    :raises NotBornYet: if the date is in the future or more than 120 years ago.
    :raises IdTaken: if the ID belongs to a customer.
    :raises TooManyIds: if that happened with several IDs.
    :raises StaffLogin: if it is the login of somebody who works here, or is to.
    """
    _refuse_staff(user)
    check_id(national_id)
    check_age(date_of_birth, at=at)
    _refuse_taken_id(user, national_id)

    with transaction.atomic():
        application, _ = Application.objects.select_for_update().get_or_create(user=user)
        if application.date_of_birth != date_of_birth:
            application.pin_hash = ""  # It was weighed against the other date.
        application.full_name, application.national_id = full_name, national_id
        application.date_of_birth = date_of_birth
        application.save()
    return application


@transaction.atomic
def choose_pin(user: User, *, pin: str) -> Application:
    """
    This will keep the hash of the transaction PIN that somebody chooses while registering.

    :raises NotReady: if the details are missing, against which it is weighed.
    :raises WeakPin: if thieves try it first.
    :raises StaffLogin: if it is the login of somebody who works here, or is to.
    """
    _refuse_staff(user)
    application = Application.objects.select_for_update().filter(user=user).first()
    if application is None or not application.has_details:
        raise NotReady()
    application.pin_hash = access.pins.hashed(
        pin, user=user, date_of_birth=application.date_of_birth
    )
    application.save(update_fields=["pin_hash", "updated_at"])
    return application


def open(
    user: User,
    *,
    agreed: Collection[str],
    seen: Collection[str],
    language: str,
    at: datetime,
    actor: Actor,
    channel: str = "WEB",
) -> Customer:
    """
    This will make somebody a customer of tier 1 with an everyday account, once: customer, PIN,
    consents, account, audit and welcome in one transaction. Asked again it gives the same customer.
    `agreed` are kinds of consent, `seen` the hashes of the texts that were shown.

    :raises ConsentMissing: if terms or data use are not among `agreed`.
    :raises ConsentOutdated: if a text is another than was shown.
    :raises NotReady: if details or PIN are missing.
    :raises TooYoung: if the person is not 18 on the Nairobi day of `at`.
    :raises IdTaken: if the ID belongs to a customer.
    :raises StaffLogin: if it is the login of somebody who works here, or is to.
    """
    _refuse_staff(user)
    try:
        with transaction.atomic(durable=True):
            return _open(
                user,
                agreed=agreed,
                seen=seen,
                language=language,
                channel=channel,
                at=at,
                actor=actor,
            )
    except IntegrityError as error:
        # Two people with one ID, side by side: the database lets one in.
        known = queries.customer_of(user)
        if known is None:
            raise IdTaken() from error
        return known


def become(
    user: User,
    *,
    full_name: str,
    national_id: str,
    date_of_birth: date,
    pin: str,
    agreed: Collection[str],
    text_hashes: Collection[str],
    language: str,
    at: datetime,
    actor: Actor,
) -> Customer:
    """
    This will make a login that confirmed its phone and e-mail a customer in one go: details, PIN
    and consents, as the pages take them one by one.

    :raises AlreadyCustomer: if it is one.
    :raises BadName: if the name is not two names or more in letters (OneName).
    :raises WeakPin: and the other refusals of `tell_details`, `choose_pin` and `open`.
    """
    if queries.customer_of(user) is not None:
        raise AlreadyCustomer
    name = names.tidied(full_name)
    check_name(name)
    if not set(consents.REQUIRED) <= set(agreed):
        raise ConsentMissing
    access.pins.check(pin, date_of_birth=date_of_birth)
    tell_details(user, full_name=name, national_id=national_id, date_of_birth=date_of_birth, at=at)
    choose_pin(user, pin=pin)
    shown = {"seen": text_hashes, "language": language, "channel": "API"}
    return open(user, agreed=agreed, **shown, at=at, actor=actor)


@transaction.atomic
def update_profile(customer: Customer, *, occupation: str, actor: Actor) -> None:
    """
    This will keep what a customer does for a living; the trail says that it changed (CK05).

    :raises BeingChecked: if it is another, while an officer looks at it.
    """
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if locked.occupation == occupation:
        return
    if queries.is_being_checked(locked):
        raise BeingChecked
    locked.occupation = occupation
    locked.save(update_fields=["occupation", "updated_at"])
    audit.record(actor=actor, deed="customer.profile_changed", subject=locked, fields="occupation")
    customer.refresh_from_db()


@transaction.atomic
def choose_news(
    customer: Customer,
    *,
    agrees: bool,
    language: str,
    at: datetime,
    actor: Actor,
    seen: Collection[str] = (),
    channel: str = "WEB",
) -> None:
    """
    This will give or take back the consent to news and offers, whose text was read in `language`,
    with its hash among `seen`: as easily one way as the other (kenya.md 7.6).

    :raises ConsentOutdated: if it is given to another text than was shown.
    """
    locked = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    kind = Consent.Kind.MARKETING
    standing = locked.consents.select_for_update().filter(kind=kind, withdrawn_at=None).first()
    if agrees and standing is None:
        _agree(locked, kind, seen=seen, language=language, channel=channel, at=at)
    elif standing is not None and not agrees:
        standing.withdrawn_at = at
        standing.save(update_fields=["withdrawn_at", "updated_at"])
    else:
        return
    audit.record(actor=actor, deed="customer.news_chosen", subject=locked, agrees=agrees)


@transaction.atomic
def move_to_tier(customer: Customer, *, tier: str, actor: Actor, at: datetime) -> None:
    """
    This will put a customer on a tier, and let every open account follow its limits on the Nairobi
    day of `at`, in one transaction (CK02). Who may decide that stands in accounts.kyc.
    """
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    before, status = locked.tier_id, Customer.KycStatus
    locked.tier_id = tier
    locked.kyc_status = status.SELF_DECLARED if tier == FIRST_TIER else status.VERIFIED
    locked.save(update_fields=["tier", "kyc_status", "updated_at"])
    audit.record(
        actor=actor, deed="customer.tier_changed", subject=locked, before=before, after=tier
    )
    for account in locked.deposit_accounts.filter(closed_date=None).order_by("pk"):
        deposits.follow_tier(account, actor=actor, at=at)
    customer.refresh_from_db()


def _open(user, *, agreed, seen, language, channel, at, actor) -> Customer:
    application = Application.objects.select_for_update().filter(user=user).first()
    known = queries.customer_of(user)
    if known is not None:
        return known
    if application is None or not (application.has_details and application.has_pin):
        raise NotReady()
    if not set(consents.REQUIRED) <= set(agreed):
        raise ConsentMissing()
    check_age(application.date_of_birth, at=at)
    if queries.customer_by_id(application.national_id):
        raise IdTaken()

    customer = Customer.objects.create(
        user=user,
        full_name=application.full_name,
        national_id=application.national_id,
        national_id_index=queries.id_index(application.national_id),
        date_of_birth=application.date_of_birth,
        tier_id=FIRST_TIER,
    )
    access.pins.install(user=user, pin_hash=application.pin_hash, actor=actor)
    for kind in sorted(set(agreed)):
        _agree(customer, kind, seen=seen, language=language, channel=channel, at=at)
    owner = customer.actor
    account = deposits.open_everyday(customer=customer, actor=owner, at=at)
    registry.ask_both(customer, at=at, actor=owner)

    # The answers live on in the customer; what was only on its way is emptied (data minimisation).
    application.full_name = application.national_id = application.pin_hash = ""
    application.date_of_birth = None
    application.save()
    audit.record(actor=owner, deed="customer.opened", subject=customer, tier=FIRST_TIER)
    standing.screen(customer, cause="ONBOARDING", at=at, actor=owner)
    facts = {"name": first_name(customer.full_name), "account": account.number}
    for channel in ("SMS", "EMAIL"):
        notifications.queue(user=user, channel=channel, kind="welcome", context=facts)
    return customer


def first_name(full_name: str) -> str:
    """This will give the name by which pages greet somebody."""
    return full_name.split()[0] if full_name else ""


def _agree(customer, kind, *, seen, language, channel, at):
    shown = consents.hash_of(kind, language=language)
    if shown not in seen:
        raise ConsentOutdated
    Consent.objects.create(
        customer=customer,
        kind=Consent.Kind(kind),
        version=consents.VERSION,
        text_hash=shown,
        language=language,
        channel=channel,
        given_at=at,
    )


def check_name(full_name: str) -> None:
    """
    This will look at a name with one space between its parts.

    :raises BadName: if it is not written in letters.
    :raises ForeignLetters: if some are of another script than Latin, which the ID is written in.
    :raises OneName: if it is a single one.
    """
    if not names.is_plausible(full_name):
        raise BadName()
    if not names.is_latin(full_name):
        raise ForeignLetters()
    if len(full_name.split()) < 2:
        raise OneName()


def check_id(national_id: str) -> None:
    """
    This will look at the shape of a national ID; whose it is, only `tell_details` asks.

    :raises BadNationalId: if it is not 6 to 9 digits.
    """
    if not (national_id.isascii() and national_id.isdigit() and 6 <= len(national_id) <= 9):
        raise BadNationalId()


def check_age(born: date, *, at: datetime) -> None:
    """
    This will look at the age of somebody born on a day, on the Nairobi day of `at`.

    :raises TooYoung: if the person is not 18.
    :raises NotBornYet: if the date is in the future or more than 120 years ago.
    """
    age = queries.age_on(born, at=at)
    if not 0 <= age <= OLDEST:
        raise NotBornYet()
    if age < queries.GROWN_UP:
        raise TooYoung(age=age)


def _refuse_staff(user: User) -> None:
    if staff.member(user) is not None:
        raise StaffLogin()


def _refuse_taken_id(user: User, national_id: str) -> None:
    """Count first, in a transaction of its own: the refusal must not undo the count."""
    if Application.objects.filter(user=user, id_tries__gt=MOST_OTHER_IDS).exists():
        raise TooManyIds()  # Of a free ID too: the answer would tell which are taken.
    if queries.customer_by_id(national_id) is None:
        return
    with transaction.atomic(durable=True):
        application, _ = Application.objects.select_for_update().get_or_create(user=user)
        application.id_tries = min(application.id_tries + 1, MOST_OTHER_IDS + 1)
        application.save(update_fields=["id_tries", "updated_at"])
    if application.id_tries > MOST_OTHER_IDS:
        raise TooManyIds()
    raise IdTaken()
