"""What customers let apps see: given on one page, looked at on every call, ended at once."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Client, Token
from django.db import transaction

from accounts.access import pins
from accounts.access.models import User
from accounts.customers.models import Customer
from accounts.deposits.models import DepositAccount
from accounts.notifications import operations as notifications
from accounts.partners import policy
from accounts.partners.models import PartnerApp, PartnerConsent, PartnerScope, SpentGrant
from accounts.partners.refusals import AppClosed, NothingChosen, UnknownScope
from ledger.controls import audit, outbox
from wekeza.kit.actor import Actor

Ended = PartnerConsent.Ended


def agree(
    app: PartnerApp, *, customer: Customer, pin: str, at: datetime, **facts
) -> PartnerConsent:
    """
    This will give a consent (`give`) that the customer authorises with the PIN: a session that
    somebody left open shares nothing.

    :raises WrongPin: with the tries left; the try is counted.
    :raises CodeLocked: after too many wrong ones.
    :raises NoPin: if none was chosen yet.
    """
    pins.verify(user=customer.user, pin=pin, at=at)
    return give(app, customer=customer, at=at, **facts)


@transaction.atomic
def give(
    app: PartnerApp,
    *,
    customer: Customer,
    scopes: Collection[str],
    accounts: Collection[str],
    days: int,
    language: str,
    at: datetime,
    actor: Actor,
) -> PartnerConsent:
    """
    This will let an app see what its customer chose (account numbers) for so many days. It takes
    the place of an earlier consent, whose tokens end.

    :raises AppClosed: if the app may not work now.
    :raises UnknownScope: if the app may not ask for one of the scopes.
    :raises NothingChosen: if no account of the customer is among those chosen.
    """
    locked = PartnerApp.objects.select_for_update(of=("self",))
    app = locked.select_related("partner", "client").get(pk=app.pk)
    if not app.is_working:
        raise AppClosed
    for scope in scopes:
        if scope not in app.client.get_scopes():
            raise UnknownScope(scope=scope)
    chosen = list(DepositAccount.objects.filter(customer=customer, number__in=accounts))
    if not chosen or not scopes:
        raise NothingChosen

    for earlier in PartnerConsent.objects.filter(app=app, customer=customer, ended_at=None):
        _end(earlier, why=Ended.REPLACED, at=at)
    consent = PartnerConsent.objects.create(
        app=app,
        customer=customer,
        scopes=sorted(scopes),
        version=policy.CONSENT_VERSION,
        text_hash=hash_of(app, scopes, language=language),
        language=language,
        given_at=at,
        expires_at=at + timedelta(days=days),
    )
    consent.accounts.set(chosen)
    _tell(consent, days=days, actor=actor)
    return consent


@transaction.atomic
def revoke(consent: PartnerConsent, *, at: datetime, actor: Actor) -> None:
    """
    This will end a consent at once; tokens that rely on it are thrown away. One that has ended
    stays as it is.
    """
    row = PartnerConsent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if row.ended_at is not None:
        return
    _end(row, why=Ended.REVOKED, at=at)
    audit.record(actor=actor, deed="partners.consent_revoked", subject=row)


@transaction.atomic
def end_all(app: PartnerApp, *, at: datetime, actor: Actor) -> None:
    """This will end every consent of an app that is closed."""
    for consent in PartnerConsent.objects.filter(app=app, ended_at=None).order_by("pk"):
        _end(consent, why=Ended.APP_CLOSED, at=at)
        audit.record(actor=actor, deed="partners.consent_ended", subject=consent)


def note_use(consent_ids: Collection[int], *, at: datetime) -> None:
    """This will remember when consents were last relied on; at most once a minute."""
    rows = PartnerConsent.objects.filter(pk__in=consent_ids)
    minute = at.replace(second=0, microsecond=0)
    rows.exclude(last_used_at__gte=minute).update(last_used_at=at)


@transaction.atomic
def spend(*, digest: str, client: Client, user: User, at: datetime) -> None:
    """
    This will remember that a code or refresh token was used; the database lets one of two at once
    through, and the other fails with IntegrityError.
    """
    SpentGrant.objects.create(digest=digest, client=client, user=user, spent_at=at)


@transaction.atomic
def end_family(*, digest: str, at: datetime, actor: Actor) -> bool:
    """
    This will throw away every token that an app has for a customer, if somebody came with a code or
    refresh token that was used before (reliability rule 28), and say whether that was so.
    """
    spent = SpentGrant.objects.filter(digest=digest).first()
    if spent is None:
        return False
    gone, _ = Token.objects.filter(client=spent.client, user=spent.user).delete()
    audit.record(actor=actor, deed="partners.token_reused", subject=spent, ended=gone)
    return True


@transaction.atomic
def forget_spent(*, before: datetime) -> int:
    """This will forget used codes and tokens, and tokens that are over, older than any consent."""
    Token.objects.filter(expires_at__lt=before).delete()
    gone, _ = SpentGrant.objects.filter(spent_at__lt=before).delete()
    return gone


def text_of(app: PartnerApp, scopes: Collection[str], *, language: str) -> list[str]:
    """This will give the sentences of the consent page, as the customer reads them."""
    rows = PartnerScope.objects.filter(code__in=scopes).order_by("rank")
    return [row.words(language) for row in rows]


def hash_of(app: PartnerApp, scopes: Collection[str], *, language: str) -> str:
    """This will give the SHA-256, in hex, of what was shown: who asks, and every sentence."""
    lines = [policy.CONSENT_VERSION, app.client.name, *text_of(app, scopes, language=language)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _tell(consent: PartnerConsent, *, days: int, actor: Actor) -> None:
    audit.record(
        actor=actor,
        deed="partners.consent_given",
        subject=consent,
        app=consent.app.public_id,
        scopes=" ".join(consent.scopes),
        accounts=" ".join(account.ending for account in consent.accounts.order_by("pk")),
    )
    outbox.publish("consent.given", {"consent": consent.pk})
    notifications.queue(
        user=consent.customer.user,
        channel="SMS",
        kind="partner_connected",
        context={"app": consent.app.client.name, "days": days},
    )


def _end(consent: PartnerConsent, *, why: str, at: datetime) -> None:
    consent.ended_at, consent.ended_by = at, why
    consent.save(update_fields=["ended_at", "ended_by", "updated_at"])
    user = consent.customer.user_id
    Token.objects.filter(client=consent.app.client_id, user=user).delete()
    outbox.publish("consent.ended", {"consent": consent.pk})
