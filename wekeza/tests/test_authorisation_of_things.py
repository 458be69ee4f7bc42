"""
Every page about one thing, by its owner, by others and about nothing; and what staff decide, by
every role and method (G11). Who may stands in wekeza/tests/policy.py.
"""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from ledger.journal.models import Posting
from wekeza.tests import policy, things
from wekeza.tests.test_authorisation import METHODS, ask, come, is_led_away, routes

pytestmark = pytest.mark.django_db
ABSENT = "999999999"
WITHOUT_OWNER = {  # Their names are kinds of things, not things.
    "accounts:access:confirm",
    "accounts:customers:ask_change",
    "accounts:documents:upload",
    "accounts:privacy:message",
    "accounts:privacy:withdraw",
    "lending:asking:apply",
    "lending:asking:cost",
}
ELSEWHERE = {  # Asked about in the tests of their own rooms.
    "accounts:documents:file",
    "branch:online:receipt",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}

# An approval is there for those alone whom it concerns (ledger/approvals says who).
FOUND = {
    "branch:workbench:approval": (200, 404),
    "branch:risk:drift_file": (200, 404),  # Before any month of a card there is no file.
    "branch:books:rewrite": (404,),  # A voucher that was asked for is written no more.
}


def signed_in(customer):
    client = Client()
    client.force_login(customer.user)
    return client


def gone(args):
    """The same address about what is not there."""
    return tuple(uuid4() if isinstance(one, UUID) else absent(one) for one in args)


def absent(value):
    if isinstance(value, int):
        return int(ABSENT)
    return "0019999999999" if str(value).isdigit() else "no-such-thing"


class TestCustomers:
    @pytest.mark.proves("IA10", "IA48", "SE26")
    def test_find_what_is_theirs_and_what_is_anothers_looks_like_nothing(self, demo_bank):
        mine, my_things = things.of_customer()
        stranger, _theirs = things.of_customer()
        me, other = signed_in(mine), signed_in(stranger)

        for name, args in my_things.items():
            for method in METHODS:
                foreign = ask(other, method, my_things.address(name))
                nothing = ask(other, method, reverse(name, args=gone(args)))
                assert foreign.status_code in (302, 404, 405), (name, method, foreign.status_code)
                assert plain(foreign) == plain(nothing), (name, method)
        for name in my_things:
            assert me.get(my_things.address(name)).status_code in (200, 302, 303, 405), name

    def test_have_one_of_everything_that_has_a_name(self, demo_bank):
        _owner, found = things.of_customer()

        asked = set(found) | WITHOUT_OWNER | ELSEWHERE
        assert with_names(policy.CUSTOMER | policy.SIGNED_IN) - asked == set()


class TestStaff:
    @pytest.mark.proves("IA38", "IA44", "IA48", "SE26")
    def test_of_each_role_reach_the_things_of_their_work_and_no_others(self):
        found = things.of_staff()
        assert with_names(set(policy.STAFF)) - set(found) == set(), "of_staff() lacks them"
        before = Posting.objects.count()

        for role in policy.STAFF_ROLES:
            client, held = come(role), policy.held_by(role)
            for name in found:
                needed = policy.STAFF[name]
                may = not needed or bool(needed & held)
                for method in METHODS:
                    status = ask(client, method, found.address(name)).status_code
                    what = (role, name, method, status)
                    assert status < 500, what
                    if may and method == "get":
                        assert status in FOUND.get(name, (200, 302, 303)), what
                    elif not may:
                        assert status in (403, 405), what
        assert Posting.objects.count() == before

    @pytest.mark.parametrize("role", ["TELLER", "ADMINISTRATOR"])
    def test_have_no_way_into_a_customers_own_pages(self, role, demo_bank):
        _owner, found = things.of_customer()
        client = come(role)

        for name in found:
            for method in ("get", "post"):
                answer = ask(client, method, found.address(name))
                assert is_led_away(answer) or answer.status_code in (302, 403, 404, 405), name


def with_names(names):
    """Those of the addresses that have a name of a thing in them."""
    return names & {name for name, route in routes() if "<" in route}


def plain(answer):
    """What the answer says, without what is another in every answer."""
    return answer.status_code, answer.get("Location", "")
