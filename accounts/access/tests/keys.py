"""A passkey made of the WebAuthn standard's own parts: it enrols, and signs what it is asked."""

import json
from dataclasses import dataclass, field
from secrets import token_bytes

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
HOST = "localhost"


@dataclass
class SoftKey:
    """One key pair for one site; `is_verified` says whether the holder's finger was read."""

    origin: str = "http://localhost:8000"
    is_verified: bool = True
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    key_id: bytes = field(default_factory=lambda: token_bytes(16))
    user_handle: str = ""
    counter: int = 0  # Of its signatures; most keys do not count.

    def made(self, options) -> str:
        """The answer to navigator.credentials.create."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.secret.public_key())
        attested = AttestedCredentialData.create(Aaguid(bytes(16)), self.key_id, public)
        seen = AuthenticatorData.create(
            sha256(HOST.encode()), self._flags | ATTESTED, 0, bytes(attested)
        )
        client = self._client(CollectedClientData.TYPE.CREATE, asked["challenge"])
        told = AttestationObject.create("none", seen, {})
        return self._told(clientDataJSON=bytes(client), attestationObject=bytes(told))

    def signed(self, options) -> str:
        """The answer to navigator.credentials.get."""
        asked = options["publicKey"]
        seen = AuthenticatorData.create(sha256(HOST.encode()), self._flags, self.counter)
        client = self._client(CollectedClientData.TYPE.GET, asked["challenge"])
        signature = self.secret.sign(bytes(seen) + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._told(
            clientDataJSON=bytes(client),
            authenticatorData=bytes(seen),
            signature=signature,
            userHandle=websafe_decode(self.user_handle),
        )

    @property
    def _flags(self):
        return PRESENT | (VERIFIED if self.is_verified else 0)

    def _client(self, kind, challenge):
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def _told(self, **response) -> str:
        key_id = websafe_encode(self.key_id)
        parts = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps(
            {
                "id": key_id,
                "rawId": key_id,
                "type": "public-key",
                "response": parts,
                "clientExtensionResults": {},
            }
        )


def give_key(user) -> SoftKey:
    """A passkey that a login has had for long."""
    key, handle = SoftKey(), websafe_encode(str(user.pk).encode())
    challenge = websafe_encode(token_bytes(32))
    made = key.made({"publicKey": {"user": {"id": handle}, "challenge": challenge}})
    kind, data = Authenticator.Type.WEBAUTHN, {"name": "My phone", "credential": json.loads(made)}
    Authenticator.objects.create(user=user, type=kind, data=data)
    return key
