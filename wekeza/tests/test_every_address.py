"""Every address of the bank, asked by strangers and customers, with sound and hostile input."""

from itertools import cycle
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access.models import User
from accounts.factories import CustomerFactory, UserFactory
from ledger.journal.models import Entry
from payments.factories import DraftFactory
from wekeza.kit.outage import is_api

pytestmark = pytest.mark.django_db

# One of each kind: empty, huge, control bytes, other scripts, markup, SQL, paths, formulas, numbers
# that are none, dates that are none, and identifiers of nothing.
HOSTILE = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "NaN",
    "Infinity",
    "٥٠٠",
    "５００",
    "5.000",
    "99999999999999999999999999",
    "a" * 5000,
    "\u202e\u0007",
    "<script>alert(1)</script>",
    "'; DROP TABLE ledger_posting; --",
    "{{ 7 * 7 }}",
    "../../etc/passwd",
    "=HYPERLINK()",
    "https://elsewhere.example/",
    "//elsewhere.example",
    "2026-02-30",
    "0000-00-00",
    "00000000-0000-0000-0000-000000000000",
    "on",
]
MIXED = None
FIELDS = [
    "recipient", "amount", "reason", "reference", "replaces", "source", "account", "code", "login",
    "password", "password1", "email", "phone", "full_name", "national_id", "date_of_birth_0",
    "date_of_birth_1", "date_of_birth_2", "pin", "pin_again", "old_pin", "new_pin", "terms", "data",
    "language", "theme", "hides", "next", "action", "address", "occupation", "cancel", "resend",
    "tier", "kra_pin", "monthly_income", "source_of_funds", "file", "issued_date_0",
    "credential", "session", "channel", "question_1", "answer_1", "question_2", "answer_2", "text",
    "name", "registration_no", "kra_pin", "sector", "nature", "share_percent", "contact", "roles",
    "up_to_1", "needed_1", "needed_above", "seen", "agree", "withdraw", "remove", "reject",
]  # fmt: skip
QUERY = ["q", "from", "to", "direction", "least", "most", "older", "like", "next", "page", "period"]
QUERY += ["before", "result", "device"]
SAMPLES = {
    "uuid": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
    "public_id": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a12",
    "receipt_no": "MV-0000000",
    "entry_id": "1",
    "entry": "1",
    "uidb36": "1",
    "key": "none",
    "kind": "proof-of-address",
    "path": "wekeza/wekeza.css",
}


def patterns(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def addresses():
    found = set()
    for route, pattern in patterns():
        converters = getattr(pattern.pattern, "converters", {})
        for name in converters:
            kind = type(converters[name]).__name__.removesuffix("Converter").lower()
            sample = SAMPLES.get(name) or {"uuid": SAMPLES["uuid"], "int": "1"}.get(kind, "x")
            for written in (f"<{kind}:{name}>", f"<{name}>", f"<str:{name}>"):
                route = route.replace(written, sample)
        route = route.replace("<int:pk>", "1")  # Of a library's nested addresses.
        if "(?P" not in route:
            found.add("/" + route)
    return sorted(found)


def for_programs(path):
    """Programs come with a token or a key, and no cookie of theirs opens anything."""
    return is_api(path) or path.startswith("/identity/o/api/")


def looked_at(answer):
    """Whether what was asked behind the address, or sent to it, was read at all."""
    is_asked = "GET" in vars(answer.wsgi_request)
    return is_asked or answer.wsgi_request.environ["wsgi.input"].read_started


def filled(names, value):
    """One value under every name, or another of the hostile ones under each."""
    if value is MIXED:
        return dict(zip(names, cycle(HOSTILE), strict=False))
    return dict.fromkeys(names, value)


def juma(client):
    client.force_login(CustomerFactory().user)
    return client


class TestEveryAddress:
    def test_there_are_pages_to_ask(self):
        assert {"/", "/login/", "/move/transfers/send/", "/view/"} <= set(addresses())

    @pytest.mark.parametrize("path", addresses())
    def test_answers_a_stranger_without_a_fault(self, client, path):
        assert client.get(path).status_code < 500
        assert client.post(path, dict.fromkeys(FIELDS, "x")).status_code < 500

    def test_answers_staff_who_bank_elsewhere_without_a_fault(self, client):
        user = UserFactory(is_staff=True)
        for path in addresses():
            client.force_login(user)

            assert client.get(path).status_code < 500, path
            assert client.post(path, dict.fromkeys(FIELDS, "x")).status_code < 500, path

    @pytest.mark.parametrize("path", addresses())
    def test_refuses_bad_input_without_a_fault(self, client, path):
        juma(client)
        booked, users = Entry.objects.count(), User.objects.count()
        sends = "logout" not in path
        for value in (MIXED, *HOSTILE):
            answers = [client.get(path, filled(QUERY, value))]
            if sends:
                answers.append(client.post(path, filled(FIELDS, value)))
                sends = looked_at(answers[-1])
            for answer in answers:
                assert answer.status_code < 500, value
                elsewhere = answer.headers.get("Location", "")
                assert "elsewhere.example" not in elsewhere.partition("?")[0], value
            if not any(map(looked_at, answers)):
                break  # What nobody reads is the same whatever it is.
        assert (Entry.objects.count(), User.objects.count()) == (booked, users)

    @pytest.mark.proves("SE18")
    def test_takes_no_form_that_did_not_come_from_its_own_page(self):
        strict, user = Client(enforce_csrf_checks=True), CustomerFactory().user
        for path in addresses():
            if for_programs(path):
                continue
            strict.force_login(user)
            answer = strict.post(path, dict.fromkeys(FIELDS, "x"))
            if is_api(path):  # No cookie opens anything there, so there is nothing to forge.
                assert answer.status_code in {401, 404, 405, 415, 422}, path
            else:  # One door judges who comes before it reads a form, which may be large.
                is_shut = answer.get("Location") == "/workbench/closed/"
                assert is_shut or answer.status_code == 403, path

    def test_a_customer_page_is_kept_by_nobody(self, client):
        user, seen = CustomerFactory().user, 0
        for path in addresses():
            client.force_login(user)
            answer = client.get(path)

            if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                seen += 1
                assert "no-store" in answer.headers["Cache-Control"], path
                assert "script-src 'self'" in answer.headers["Content-Security-Policy"], path
                assert "unsafe" not in answer.headers["Content-Security-Policy"], path
                assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert seen > 40


class TestOthersThings:
    @pytest.mark.parametrize("door", ["/move/transfers/check/{}/", "/move/transfers/send/?like={}"])
    def test_look_like_nothing(self, client, door):
        draft = DraftFactory()
        juma(client)

        theirs = client.get(door.format(draft.public_id))
        absent = client.get(door.format(uuid4()))

        assert theirs.status_code == absent.status_code
        assert "Grace" not in theirs.content.decode()
