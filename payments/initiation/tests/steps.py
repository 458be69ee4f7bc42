"""A program of a partner with a consent, for tests."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from allauth.idp.oidc.models import Token

from accounts.partners.factories import EVERYTHING
from wekeza.tests.api.steps import Program

API = "/api/v1/partner"


def program(app, *, user=None, scopes=EVERYTHING, lasts=timedelta(minutes=10)):
    """An app with a token of the identity provider."""
    value = uuid4().hex
    token = Token(client=app.client, user=user, type=Token.Type.ACCESS_TOKEN)
    token.expires_at = datetime.now(UTC) + lasts
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.save()
    return Program().use(value)


def key():
    return {"Idempotency_Key": uuid4().hex}
