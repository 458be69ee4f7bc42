"""
Every address, by everybody (G11): whoever may not is led to the login or refused, and sees nothing.

The expected answers come from wekeza/tests/policy.py and from the roles' founding data, never from
the code under test.
"""

import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.access import mfa
from accounts.access.tests.apps import give_app
from accounts.factories import CustomerFactory, StaffMemberFactory, UserFactory
from ledger.journal.models import Posting
from wekeza.tests import policy

pytestmark = pytest.mark.django_db
ABSENT = {
    "uuid": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
    "int": "999999999",
    "receipt_no": "MV-0000000",
    "entry_id": "1",
}
METHODS = ("get", "post", "put", "patch", "delete")
LOGIN = (
    *("/login/", "/session-ended/", "/workbench/closed/", "/workbench/records/login/"),
    "/access/",
)


def named():
    """Every named address: its full name and a sample of it, about things that are not there."""
    for name, route in routes():
        yield name, "/" + sample(route)


def routes(resolver=None, spaces=(), prefix=""):
    """Every named address: its full name and its route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from routes(pattern, inner, route)
        else:
            yield ":".join((*spaces, pattern.name or "?")), route


def sample(route):
    route = re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: thing(found[1], found[2]), route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "x", route)
    return route.replace("^", "").replace("$", "").replace("\\", "")


def thing(kind, name):
    return ABSENT.get(name) or ABSENT.get(kind) or "x"


ADDRESSES = {name: address for name, address in named() if not name.startswith(policy.PROGRAMS)}


def staff_rule(name):
    """The permissions of which one opens an address to staff; None if it is not staff's."""
    if name in policy.STAFF:
        return policy.STAFF[name]
    if policy.ADMIN_ITSELF.get(name) == "staff":
        return set()
    if name.startswith("admin:") and name not in policy.ADMIN_ITSELF:
        desk, _, page = name.removeprefix("admin:").rpartition("_")
        look, asks = policy.DESKS[desk]
        if page in ("add", "delete"):
            return {asks} if asks and page == "add" else {"nobody's"}
        # Of a record that is not there, Django says so on the desk's first page; to all the same.
        return set() if page == "history" else {look}
    return None


OF_STAFF = sorted(name for name in ADDRESSES if staff_rule(name) is not None)
SIGNED = sorted(policy.SIGNED_IN | policy.CUSTOMER)


def come(role):
    member = StaffMemberFactory(role_id=role)
    give_app(member.user)
    client = Client()
    client.force_login(member.user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = mfa.enrol(user=member.user).persistent_id
    session.save()
    return client


def ask(client, method, address):
    return getattr(client, method)(address)


def is_led_away(answer):
    return answer.status_code in (301, 302, 303) and answer["Location"].startswith(LOGIN)


class TestThePolicy:
    def test_declares_every_address_once(self):
        declared = policy.PUBLIC | policy.SIGNED_IN | policy.CUSTOMER | set(policy.STAFF)
        desks = {f"admin:{desk}_{page}" for desk in policy.DESKS for page in policy.DESK_PAGES}
        declared |= set(policy.ADMIN_ITSELF) | desks

        assert set(ADDRESSES) - declared == set(), "declare them in wekeza/tests/policy.py"
        assert declared - set(ADDRESSES) == set(), "these are gone"
        kinds = [policy.PUBLIC, policy.SIGNED_IN, policy.CUSTOMER, set(policy.STAFF)]
        assert sum(map(len, kinds)) == len(set.union(*kinds)), "each has one rule"


class TestStrangers:
    @pytest.mark.proves("SE26", "IA05")
    @pytest.mark.parametrize("name", [*SIGNED, *OF_STAFF])
    def test_are_led_to_the_login_by_every_method(self, client, name):
        for method in METHODS:
            answer = ask(client, method, ADDRESSES[name])

            assert is_led_away(answer) or answer.status_code in (401, 404, 405), (
                name,
                method,
                answer.status_code,
            )

    @pytest.mark.parametrize("name", sorted(policy.PUBLIC))
    def test_open_public_addresses(self, client, name):
        assert client.get(ADDRESSES[name]).status_code not in (401, 500)


class TestNewcomers:
    @pytest.mark.proves("CK06")
    @pytest.mark.parametrize("name", sorted(policy.CUSTOMER))
    def test_get_no_service_before_the_bank_knows_who_they_are(self, client, name):
        client.force_login(UserFactory())  # A login whose name and ID nobody knows yet.

        for method in METHODS:
            answer = ask(client, method, ADDRESSES[name])

            leads = answer.get("Location", "")
            is_sent_on = leads.startswith(("/register/", "/settings/security/"))
            assert is_sent_on or answer.status_code in (404, 405), (name, method, leads)


class TestCustomers:
    @pytest.mark.proves("IA10", "IA48")
    def test_open_no_address_of_staff(self, client):
        client.force_login(CustomerFactory().user)
        before = Posting.objects.count()

        for name in OF_STAFF:
            for method in METHODS:
                answer = ask(client, method, ADDRESSES[name])
                assert is_led_away(answer) or answer.status_code in (403, 404, 405), (name, method)
        assert Posting.objects.count() == before

    @pytest.mark.parametrize("name", sorted(policy.CUSTOMER))
    def test_never_meet_a_fault_on_their_own(self, client, name):
        client.force_login(CustomerFactory().user)

        assert client.get(ADDRESSES[name]).status_code < 500


class TestStaff:
    @pytest.mark.proves("IA38", "IA48", "IA44")
    @pytest.mark.parametrize("role", policy.STAFF_ROLES)
    def test_of_each_role_open_what_it_holds_and_nothing_else(self, role):
        client, held = come(role), policy.held_by(role)

        for name in OF_STAFF:
            needed = staff_rule(name)
            may = not needed or bool(needed & held)
            answer = client.get(ADDRESSES[name])
            if may:
                assert answer.status_code not in (401, 403, 500), (role, name, answer.status_code)
            else:
                assert answer.status_code == 403, (role, name, answer.status_code)

    @pytest.mark.parametrize("role", ["TELLER", "ADMINISTRATOR", "AUDITOR"])
    def test_change_nothing_by_hand(self, role):
        client = come(role)

        for name in OF_STAFF:
            if name.startswith("admin:") and name.endswith(("_change", "_delete", "_history")):
                for method in ("post", "put", "patch", "delete"):
                    answer = ask(client, method, ADDRESSES[name])
                    assert answer.status_code in (302, 403, 404, 405), (role, name, method)

    def test_without_a_second_factor_open_nothing(self, client):
        client.force_login(StaffMemberFactory(role_id="ADMINISTRATOR").user)

        for name in OF_STAFF:
            assert is_led_away(client.get(ADDRESSES[name])), name
