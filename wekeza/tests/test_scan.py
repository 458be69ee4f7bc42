"""
What a scanner of web applications looks for, looked for in the bank (G13): everybody walks from
page to page and asks every declared address, and no answer may give an attacker anything.
"""

import time
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.access.models import User
from accounts.factories import (
    BusinessFactory,
    CustomerFactory,
    DepositAccountFactory,
    DocumentFactory,
    UserFactory,
)
from accounts.partners.factories import AppFactory, ConsentFactory
from ledger.journal.models import Entry
from payments.factories import DraftFactory
from wekeza.tests.scan import CANARY, EVIL, Scanner, asking, same
from wekeza.tests.test_authorisation import ADDRESSES, come

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}/", f"\\\\{EVIL}/", f"https:{EVIL}",
    f"https:///{EVIL}/", f"http://testserver@{EVIL}/", f"\t//{EVIL}/", "javascript:alert(1)//",
    f"/%0d%0aLocation: https://{EVIL}/", f"/\r\nLocation: https://{EVIL}/", f"///{EVIL}/",
]  # fmt: skip
WAYS_ON = [
    "next", "login_next", "return", "return_to", "returnUrl", "url", "redirect", "redirect_to",
    "redirect_uri", "redirect_url", "continue", "goto", "dest", "back", "to", "from",
    "success_url", "post_logout_redirect_uri", "target_link_uri", "_popup",
]  # fmt: skip
ASKED = {"q", "page", "period", "from", "to", "direction", "before", "older", "like", "result"}
ASKED |= {"device", "o", "p", "next", "kind", "state", "e", "account", "lang", "tab", "sort"}
PAIRS = [
    ("zq' AND '1'='1", "zq' AND '1'='2"),
    ('zq" AND "1"="1', 'zq" AND "1"="2'),
    ("1 AND 1=1", "1 AND 1=2"),
    ("zq'||'", "zq'||'x"),
    ("zq') OR ('1'='1", "zq') OR ('1'='2"),
]
SLOW, SLOW_SECONDS = "1'||(SELECT pg_sleep(9))||'", 9
ENDS = ("/access/logout/", "/workbench/records/logout/")
SESSIONS = "/settings/security/sessions/"  # What is sent here ends the walk.


@pytest.fixture(autouse=True)
def roomy(settings, db):
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.API_PER_MINUTE = dict.fromkeys(settings.API_PER_MINUTE, 100_000)
    cache.clear()
    with connection.cursor() as cursor:  # Who asks many pages without a database takes long.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def visitor():
    return Client(), ["/"]


def customer():
    account = DepositAccountFactory(balance="3000")
    DocumentFactory(customer=account.customer)
    ConsentFactory(customer=account.customer)
    draft = DraftFactory(source=account, amount=100)
    starts = ["/", f"/move/transfers/check/{draft.public_id}/"]
    return signed_in(account.customer.user), starts


def director():
    founder = CustomerFactory()
    business = BusinessFactory(founder=founder, balance="3000")
    return signed_in(founder.user), ["/", "/biz/", f"/biz/{business.public_id}/"]


def developer():
    app = AppFactory()
    return signed_in(User.objects.get(pk=app.partner.login_id)), ["/developers/"]


def newcomer():
    return signed_in(UserFactory()), ["/"]


def at_work(role):
    return lambda: (come(role), ["/workbench/"])


WHO = {
    **{"visitor": visitor, "newcomer": newcomer, "customer": customer, "director": director},
    "developer": developer,
    **{role.lower(): at_work(role) for role in ("TELLER", "COMPLIANCE", "ADMINISTRATOR")},
}


def arrive(who):
    client, starts = WHO[who]()
    client.raise_request_exception = False  # A fault is an answer, and so a finding.
    return Scanner(client), starts


def told(scanner):
    return [f"{address}: {what} {how}" for (address, what), how in sorted(scanner.findings.items())]


def sent(form, value):
    """A form as it stands, with a value in every field that one types into."""
    keep = {"hidden", "submit", "button", "radio", "checkbox", "select", "file"}
    return {
        name: old if form.kinds[name] in keep and form.method == "post" else value
        for name, old in form.fields.items()
    }


@pytest.mark.proves("SE16")
@pytest.mark.parametrize("who", WHO)
def test_whoever_walks_the_bank_finds_nothing_to_attack(who, demo_bank):
    scanner, starts = arrive(who)

    scanner.walk(*starts, *(address for address in ADDRESSES.values() if address not in ENDS))
    seen = len(scanner.pages)
    type_markup(scanner)
    ask_the_database(scanner)
    lead_elsewhere(scanner)
    forge(scanner)

    assert seen >= 5 and scanner.forms
    assert not told(scanner)


def type_markup(scanner):
    """Markup in every query and in every field, and then a look at what the pages have kept."""
    for path, names in scanner.queries.items():
        scanner.ask("get", asking(path, names | ASKED, CANARY))
    for form in scanner.forms:
        path = urlsplit(form.action).path
        if form.method == "post" and path not in (*ENDS, SESSIONS):
            scanner.ask("post", form.action, sent(form, CANARY))
    for address in list(scanner.pages):
        scanner.ask("get", address)


def ask_the_database(scanner):
    """Two values that SQL would tell apart get the same answer, and none makes it wait."""
    for path, names in scanner.queries.items():
        began = time.monotonic()
        scanner.ask("get", asking(path, names | ASKED, SLOW))
        if time.monotonic() - began > SLOW_SECONDS:
            scanner.find(path, "waited for the database")
        for name in names | {"q"}:
            yes, no = PAIRS[len(name) % len(PAIRS)]
            first, second = (scanner.ask("get", asking(path, [name], each)) for each in (yes, no))
            is_same = same(first, yes, no) == same(second, yes, no)
            again = first if is_same else scanner.ask("get", asking(path, [name], yes))
            is_steady = same(first, yes, no) == same(again, yes, no)  # Else it differs each time.
            if first.status_code != second.status_code or (is_steady and not is_same):
                scanner.find(path, f"answers two SQL values differently: {name}", yes)


def lead_elsewhere(scanner):
    """No value of any name leads to another site; whatever moves with it is asked in every way."""
    for path in {urlsplit(address).path for address in scanner.pages} | set(ADDRESSES.values()):
        if path in ENDS:
            continue
        answer = scanner.ask("get", asking(path, WAYS_ON, ELSEWHERE[0]))
        is_moved = EVIL in answer.headers.get("Location", "").partition("?")[0]
        if is_moved or (not answer.streaming and EVIL.encode() in answer.content):
            for value in ELSEWHERE[1:]:
                scanner.ask("get", asking(path, WAYS_ON, value))
    for form in scanner.forms:
        if (
            form.method == "post"
            and "next" in form.fields
            and urlsplit(form.action).path not in ENDS
        ):
            for value in ELSEWHERE:
                scanner.ask("post", form.action, form.fields | {"next": value})


def forge(scanner):
    """Forms without the page's token, by hand and by htmx, from here and from elsewhere."""
    booked = Entry.objects.count()
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = scanner.client.cookies
    for form in scanner.forms:
        path = urlsplit(form.action).path
        if form.method != "post" or path.startswith("/identity/o/api/"):
            continue
        without = {k: v for k, v in form.fields.items() if k != "csrfmiddlewaretoken"}
        if "csrfmiddlewaretoken" not in form.fields:
            scanner.find(form.page, f"has a form without a token: {path}")
        for headers in (
            {},
            {"HX-Request": "true"},
            {"HX-Request": "true", "X-CSRFToken": "x" * 64},
            {"Origin": f"https://{EVIL}", "Sec-Fetch-Site": "cross-site"},
        ):
            answer = strict.post(path, without, headers=headers)
            scanner.judge(path, answer)
            if answer.status_code != 403:
                scanner.find(path, f"takes a forged form: {answer.status_code}", str(headers))
    if Entry.objects.count() != booked:
        scanner.find("/", "a forged form booked something")
