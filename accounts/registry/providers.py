"""Who answers which question; the bank's settings say where they are."""

from django.conf import settings

from accounts.registry.answers import Answer, Facts, Result
from accounts.registry.iprs import client as iprs_client
from accounts.registry.models import IdentityCheck
from accounts.registry.phone_owner import client as phone_client

NAMES = {IdentityCheck.Kind.ID: iprs_client.NAME, IdentityCheck.Kind.PHONE: phone_client.NAME}


def ask(kind: str, facts: Facts, *, request_id: str) -> Answer:
    """This will ask the provider of a kind, over the network; never inside a transaction."""
    if kind == IdentityCheck.Kind.ID:
        if not settings.IPRS_URL:
            return Answer(Result.NOBODY, error="no IPRS_URL")
        register = iprs_client.Client(settings.IPRS_URL, settings.IPRS_TOKEN)
        return register.find(national_id=facts.national_id, request_id=request_id)
    if not settings.PHONE_OWNER_URL:
        return Answer(Result.NOBODY, error="no PHONE_OWNER_URL")
    network = phone_client.Client(settings.PHONE_OWNER_URL, settings.PHONE_OWNER_TOKEN)
    return network.match(facts, request_id=request_id)
