"""
Passkeys as authorisation: the phone or key signs what the customer was shown.

allauth enrols passkeys, keeps them and logs in with them. Here one confirms a deed: the challenge
that it signs is a keyed hash of the intent and of the digest of what was shown, so an edited intent
has another challenge and an old signature authorises nothing (decision 23). Nothing needs to be
stored to ask; the intent itself happens once. What moves money is asked by `signing`, which keeps
each question too.
"""

import json
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)

from accounts.access import policy, queries
from accounts.access.models import User
from accounts.access.refusals import CodeLocked
from wekeza.kit.encryption import blind_index
from wekeza.kit.errors import Refusal

BANK = "Wekeza Bank"
REQUIRED = UserVerificationRequirement.REQUIRED
COUNTER = "signatures"  # In the data of allauth's row.


class WrongPasskey(Refusal):
    """No passkey of this login signed exactly what was shown. Nothing was done."""

    code = "wrong_passkey"
    text = _("That passkey could not be used here. Nothing was done. Try again")


class UnknownPasskey(WrongPasskey):
    """It was signed by a key that this login does not have."""

    code = "unknown_passkey"
    text = _("That passkey is not one of yours. Nothing was done. Use another, or another way")


class HolderNotVerified(WrongPasskey):
    """The device was there, and asked nobody for finger, face or PIN."""

    code = "holder_not_verified"
    text = _(
        "Your device did not ask for your finger, face or PIN. Nothing was done. "
        "Turn that on, or use another way"
    )


class PasskeyCopied(WrongPasskey):
    """Its count of signatures did not grow: somewhere there is a second key like it."""

    code = "passkey_copied"
    text = _(
        "This passkey may have been copied. Nothing was done. "
        "Use another way, remove it in Settings, and call 0700 123 456"
    )


def options(user: User, *, intent: str, intent_digest: str, host: str) -> dict:
    """
    This will give what the browser asks the person's passkeys, to authorise one intent at the
    bank's own `host`. Finger, face or the device's PIN is always wanted.
    """
    asked, _state = _server(host).authenticate_begin(
        [data for _key, data in _keys_of(user)],
        user_verification=REQUIRED,
        challenge=_challenge(user, intent, intent_digest),
    )
    return json.loads(json.dumps(dict(asked), default=dict))


def verify(
    user: User, *, credential: str, intent: str, intent_digest: str, host: str, at: datetime
) -> None:
    """
    This will accept the signature (JSON, as the browser gave it) of one of the login's passkeys
    over exactly this intent.

    :raises WrongPasskey: if it is no such signature; UnknownPasskey, HolderNotVerified or
        PasskeyCopied where that is why.
    :raises CodeLocked: while too many wrong codes keep everything off.
    """
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    answer, keys = read(credential), _keys_of(user)
    key = next((key for key, data in keys if data.credential_id == answer.raw_id), None)
    if key is None:
        raise UnknownPasskey
    if not answer.response.authenticator_data.is_user_verified():
        raise HolderNotVerified
    state = {
        "challenge": websafe_encode(_challenge(user, intent, intent_digest)),
        "user_verification": REQUIRED,
    }
    try:
        _server(host).authenticate_complete(state, [data for _key, data in keys], answer)
    except ValueError as error:
        raise WrongPasskey from error
    count(key, counter=answer.response.authenticator_data.counter)
    key.record_usage()


def read(credential: str) -> AuthenticationResponse:
    """
    This will read what a browser said (JSON) about a signature; nothing of it is checked yet.

    :raises WrongPasskey: if it says nothing of the kind.
    """
    try:
        return AuthenticationResponse.from_dict(dict(json.loads(credential)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongPasskey from error


@transaction.atomic
def count(key: Authenticator, *, counter: int) -> None:
    """
    This will remember how often a passkey has signed. One that counts must count upwards (WebAuthn
    level 2, 7.2, step 21); most that are kept in a cloud stay at nought.

    :raises PasskeyCopied: if it does not.
    """
    row = Authenticator.objects.select_for_update().get(pk=key.pk)
    before = row.data.get(COUNTER, row.wrap().authenticator_data.counter)
    if (counter or before) and counter <= before:
        raise PasskeyCopied
    row.data[COUNTER] = counter
    row.save(update_fields=["data"])


def _server(host: str) -> Fido2Server:
    server = Fido2Server(PublicKeyCredentialRpEntity(id=host.partition(":")[0], name=BANK))
    server.timeout = policy.PASSKEY_LIFE // timedelta(milliseconds=1)
    return server


def _keys_of(user: User) -> list[tuple[Authenticator, AttestedCredentialData]]:
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return [(row, row.wrap().authenticator_data.credential_data) for row in rows]


def _challenge(user: User, intent: str, intent_digest: str) -> bytes:
    signed = f"{user.pk}|{intent}|{intent_digest}"
    return bytes.fromhex(blind_index(signed, context="access.passkey"))
