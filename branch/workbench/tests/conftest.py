"""Members of staff in a browser, with their second factor shown."""

import pytest
from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.access import mfa
from accounts.access.tests.apps import SECRET, give_app
from accounts.factories import StaffMemberFactory
from branch.workbench.panels import PANELS


def panels_of(client, customer) -> str:
    """Every panel of a file that a client has open, as one text."""
    pages = [
        reverse("branch:workbench:panel", args=[customer.public_id, panel.name]) for panel in PANELS
    ]
    return "".join(client.get(page).content.decode() for page in pages)


@pytest.fixture
def at_work():
    """Makes somebody with a role, signed in with their app: gives the client, which knows them."""

    def come(role="SUPPORT", *, verified=True, **facts):
        member = StaffMemberFactory(role_id=role, **facts)
        give_app(member.user, SECRET)
        client = Client()
        client.force_login(member.user)
        if verified:
            session = client.session
            session[DEVICE_ID_SESSION_KEY] = mfa.enrol(user=member.user).persistent_id
            session.save()
        client.member = member
        return client

    return come
