"""
Every address of the API, by everybody and every method, about one's own things, another's and
things that are not there (G11). The expected answers stand in wekeza/tests/policy.py.
"""

import pytest
from django.conf import settings as configured
from django.core.cache import cache

from accounts.factories import CustomerFactory
from ledger.journal.models import Entry
from wekeza.kit import throttles
from wekeza.tests import policy
from wekeza.tests.api import principals
from wekeza.tests.test_authorisation import ABSENT, named

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
DOORS = {name: address for name, address in named() if name.startswith(policy.PROGRAMS)}
UUID = ABSENT["uuid"]
ENDS_ITSELF = {"v1:auth_logout", "v1:auth_logout_all"}
WHO = {
    "nobody": principals.nobody,
    "revoked": principals.revoked,
    "login": principals.login,
    "customer": principals.customer,
    "partner": principals.partner,
    "partner who may see accounts": lambda: principals.partner(["accounts.read"]),
    "teller": lambda: principals.staff("TELLER"),
    "administrator": lambda: principals.staff("ADMINISTRATOR"),
    "compliance": lambda: principals.staff("COMPLIANCE"),
}


@pytest.fixture(autouse=True)
def roomy(settings):
    settings.API_PER_MINUTE = dict.fromkeys(configured.API_PER_MINUTE, 100_000)
    settings.ACCOUNT_RATE_LIMITS = {}
    throttles._local.clear()
    cache.clear()


def about(name, thing):
    """The address of a door about a thing."""
    address = DOORS[name]
    return address.replace(UUID, str(thing)).replace("/x/", f"/{thing}/")


def expected(asker, rule):
    """The status and code by which a door turns somebody away; None if it lets them in."""
    kind, _, wanted = rule.partition(":")
    if kind == "open":
        return None
    if asker.kind == "nobody":
        return (401, "TOKEN_REVOKED" if asker.is_revoked and kind != "partner" else None)
    if (kind == "partner") != (asker.kind == "partner"):
        return (401, None)  # Each of the two families of doors knows its own tokens alone.
    if kind == "partner":
        return None if not wanted or wanted in asker.scopes else (403, "INSUFFICIENT_SCOPE")
    if kind != "person" and kind != asker.kind:
        return (403, "NOT_FOR_THIS_LOGIN")
    if wanted and wanted not in policy.held_by(asker.role):
        return (403, "NOT_FOR_YOU")
    return None


def judge(answer, turned_away, what):
    assert answer.status_code < 500, (*what, answer.content)
    if turned_away is None:
        assert answer.status_code not in (401, 403, 405), (*what, answer.content)
        return
    status, code = turned_away
    assert answer.status_code == status, (*what, answer.content)
    if answer.content:
        said = answer.json()["error_code"]
        assert said == code if code else said in ("NOT_AUTHENTICATED", "INVALID_TOKEN"), what


class TestThePolicy:
    def test_declares_every_address_of_programs(self):
        declared = set(policy.API) | set(policy.OAUTH)
        assert set(DOORS) - declared == set(), "declare them in wekeza/tests/policy.py"
        assert declared - set(DOORS) == set(), "these are gone"


class TestEverybody:
    @pytest.mark.proves("IA05", "IA10", "IA48", "SE26")
    @pytest.mark.parametrize("who", WHO)
    def test_is_let_in_where_the_policy_says_and_nowhere_else(self, who, demo_bank):
        asker = WHO[who]()
        before = Entry.objects.count()

        for name, rules in policy.API.items():
            for method, rule in rules.items():
                turned_away = expected(asker, rule)
                if turned_away is None and name in ENDS_ITSELF:
                    continue
                body = "" if method in ("GET", "DELETE") else "{}"
                answer = asker.program.send(method, DOORS[name], body, **kind_of(name))
                judge(answer, turned_away, (who, method, name))
        assert Entry.objects.count() == before

    @pytest.mark.parametrize("who", ["nobody", "customer", "partner"])
    def test_finds_no_other_method_and_no_other_address(self, who, demo_bank):
        asker = WHO[who]()

        for name, rules in policy.API.items():
            known = {*rules, "HEAD"} if "GET" in rules else set(rules)
            for method in set(METHODS) - known:
                answer = asker.program.send(method, DOORS[name])
                status = 404 if name == "v1:nowhere" else 405
                assert answer.status_code == status, (who, method, name)

    @pytest.mark.parametrize("who", ["nobody", "revoked", "customer", "partner", "teller"])
    def test_gets_nothing_from_the_identity_provider_without_a_sound_request(self, who, demo_bank):
        asker = WHO[who]()

        for name, answers in policy.OAUTH.items():
            for method in METHODS:
                status = asker.program.send(method, DOORS[name]).status_code
                if method in answers:
                    assert status == answers[method], (who, method, name)
                else:
                    assert 400 <= status < 500 or method in ("HEAD", "OPTIONS"), (who, method)


class TestThings:
    @pytest.mark.proves("IA10", "IA48")
    def test_of_another_customer_and_none_look_the_same(self):
        mine, theirs = principals.customer(), principals.customer()

        for name in mine.things:
            for method in policy.API[name]:
                body = "" if method in ("GET", "DELETE") else '{"secret": "2580"}'
                body = "{}" if method == "POST" and name != "v1:transfer_authorise" else body
                foreign, absent = (
                    mine.program.send(method, address, body)
                    for address in (about(name, theirs.things[name]), about(name, gone(name)))
                )
                assert (foreign.status_code, absent.status_code) == (404, 404), (method, name)
                assert foreign.json() == absent.json(), (method, name)

        for name in mine.things:  # And their owner finds every one of them.
            if "GET" in policy.API[name]:
                address = about(name, mine.things[name])
                assert mine.program.get(address).status_code == 200, name

    def test_that_nobody_shared_with_an_app_look_like_nothing(self, demo_bank):
        app, other = principals.partner(), CustomerFactory()
        number = other.deposit_accounts.get().number

        for name in app.things:
            foreign, absent = (
                app.program.get(about(name, thing)) for thing in (number, gone(name))
            )
            assert (foreign.status_code, absent.status_code) == (404, 404), name
            assert foreign.json() == absent.json()
            assert app.program.get(about(name, app.things[name])).status_code == 200, name


def gone(name):
    """The id of something that is not there, of the right shape."""
    return UUID if UUID in DOORS[name] else "0019999999999"


def kind_of(name):
    """Files are sent as forms; everything else as JSON."""
    return {"kind": "multipart/form-data; boundary=x"} if name == "v1:document_add" else {}
