"""
What a scanner of web applications looks for, looked for in the bank (G13): everybody walks from
page to page and asks every declared address, and no answer may give an attacker anything.
"""

import time
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.access.tests.apps import give_app
from accounts.access.tests.keys import give_key
from accounts.factories import PIN, UserFactory
from accounts.screening.tests.steps import HEAD
from ledger.journal.models import Entry
from payments.factories import TransferFactory
from wekeza.kit import vouching
from wekeza.tests import policy, things
from wekeza.tests.scan import CANARY, EVIL, Scanner, asking, same, shape_of
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
# What is true and what is not, in a text, a number, brackets, a name and a sum of texts.
PAIRS = [
    ("zq' OR 1=1--", "zq' OR 1=2--"),
    ("0 OR 1=1", "0 OR 1=2"),
    ("zq') OR (1=1)--", "zq') OR (1=2)--"),
    ('zq" OR 1=1--', 'zq" OR 1=2--'),
    ("zq'||'", "zq'||'x"),
]
SLOW, SLOW_SECONDS = "1'||(SELECT pg_sleep(9))||'", 9
FORGED = [
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "X-CSRFToken": "x" * 64},
    {"Origin": f"https://{EVIL}", "Sec-Fetch-Site": "cross-site"},
]
ENDS = ("/access/logout/", "/workbench/records/logout/")
SESSIONS = "/settings/security/sessions/"  # What is sent here ends the walk.
# On every page; test_scan_of_requests sends them every address.
ROUND_THE_PAGE = {"branch:online:language", "branch:online:theme", "branch:online:hide_balances"}
CONFIRM = "/settings/security/confirm/"
BUSINESS, DEVELOPERS, WORK = "/biz/", "/developers/", "/workbench/"


@pytest.fixture(autouse=True)
def roomy(settings, db):
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.API_PER_MINUTE = dict.fromkeys(settings.API_PER_MINUTE, 100_000)
    cache.clear()
    with connection.cursor() as cursor:  # Who asks many pages without a database takes long.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


class Confirming(Client):
    """The browser of somebody who has just confirmed whatever a page wants confirmed (rule 26)."""

    def generic(self, method, path, *args, **options):
        try:
            change = getattr(resolve(urlsplit(path).path).func, "only_confirmed", "")
        except Resolver404:
            change = ""
        if change and self.cookies:
            session = self.session
            session["step_up"] = {"change": change, "confirmed_at": int(time.time())}
            session.save()
        return super().generic(method, path, *args, **options)


def signed_in(user):
    client = Confirming()
    client.force_login(user)
    return client


def visitor():
    """Nobody yet: every address, one desk of records for all, and a paper to verify."""
    asked = [
        address
        for name, address in ADDRESSES.items()
        if not name.startswith("admin:") or name.startswith("admin:accounts_tariff_")
    ]
    paper = f"/verify/{vouching.receipt_code(TransferFactory().receipt_no)}/"
    return Scanner(Client()), ["/", "/register/text/terms/", paper, *asked]


def newcomer():
    """Registered, but no customer yet: told who it is, and chose a PIN."""
    user, others = UserFactory(), ["/access/", "/docs", DEVELOPERS, WORK, "/demo/"]
    born = {"date_of_birth_0": "27", "date_of_birth_1": "3", "date_of_birth_2": "1994"}
    client = signed_in(user)
    told = {"full_name": "Zawadi Njeri", "national_id": "38214477", **born}
    assert client.post("/register/details/", told).status_code == 303
    assert client.post("/register/pin/", {"pin": "2580", "pin_again": "2580"}).status_code == 303
    return Scanner(client, others=others), ["/", *among(policy.SIGNED_IN)]


def owner(*rooms, others=(), give=give_key):
    """Somebody who has one of everything, in some rooms of the bank."""
    customer, found = things.of_customer()
    give(customer.user)
    scanner = Scanner(signed_in(customer.user), rooms, others)
    mine = [found.address(name) for name in found]
    asked = [*rooms, *mine, *among(policy.CUSTOMER | policy.SIGNED_IN)]
    return scanner, [address for address in asked if scanner.is_near(address)]


def customer():
    scanner, starts = owner("/", others=[BUSINESS, DEVELOPERS, WORK, "/docs", "/demo/"])
    scanner.client.post("/settings/kyc/start/", {"tier": "TIER_2"})
    more = ["/documents/upload/id-front/", "/settings/kyc/facts/", f"{CONFIRM}phone/"]
    return scanner, [*starts, *more]


def director():
    """Also somebody who gave the PIN, at the page that asks for the second way."""
    scanner, starts = owner(BUSINESS)
    assert scanner.client.post(f"{CONFIRM}data/", {"pin": PIN}).status_code == 303
    return scanner, [*starts, f"{CONFIRM}data/"]


def developer():
    """Also somebody with an authenticator app, at the pages about it."""
    scanner, starts = owner(DEVELOPERS, "/access/2fa/", give=give_app)
    scanner.client.post("/access/2fa/recovery-codes/generate/")
    return scanner, starts


def at_work(role):
    """A member of staff with a file open, at one of everything that the role may look at."""

    def arrive():
        client, found = come(role), things.of_staff()
        client.post(found.address("branch:workbench:customer"), {"purpose": "CALL"})
        names = [name for name in policy.STAFF if may(role, policy.STAFF[name])]
        asked = [found.address(name) if name in found else ADDRESSES[name] for name in names]
        refused = [found.address(name) for name in found if name not in names]
        return Scanner(client, [WORK]), [WORK, "/workbench/records/", *asked, *refused]

    return arrive


def may(role, needed):
    return not needed or bool(needed & policy.held_by(role))


def among(names):
    return [ADDRESSES[name] for name in sorted(names)]


STAFF = ("TELLER", "COMPLIANCE", "ADMINISTRATOR")
WHO = {
    **{"visitor": visitor, "newcomer": newcomer, "customer": customer, "director": director},
    "developer": developer,
    **{role.lower(): at_work(role) for role in STAFF},
}


def arrive(who):
    scanner, starts = WHO[who]()
    scanner.client.raise_request_exception = False  # A fault is an answer, and so a finding.
    return scanner, [address for address in starts if address not in ENDS]


BEGUN = {  # Pages in the middle of something, which its own tests begin.
    "branch:credit:paper",  # An application that has one.
    "access_login_code",
    "access_new_password",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reset_password_from_key",
    "account_verify_phone",
    "accounts:businesses:invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
LEAD_ON = {  # To a page that is looked at.
    "branch:collections:letter",
    "lending:restructures:ask",  # A wish about the loan is open already.
    "account_set_password",  # Nobody here is without one.
    "accounts:customers:next_step",
    "accounts:customers:welcome",
    "accounts:documents:see",
    "accounts:businesses:see",
    "accounts:partners:apply",
    "accounts:partners:key",
    "accounts:partners:key_after_confirm",
    "branch:online:hide_balances",
    "branch:online:receipt",
    "branch:workbench:paper",
    "mfa_reauthenticate",
}
SAY_NO = {
    "account_logout",  # It ends the walk.
    "accounts:access:questions",  # Unless the bank asks any, which it did not when founded.
    "api_nowhere",
    "branch:nights:seal_head",  # Until the first seal; branch/nights walks it with one.
    "branch:workbench:closed",
}
REGISTERING = {"accounts:customers:" + page for page in ("check", "details", "pin")}
WITH_APP = {"mfa_deactivate_totp", "mfa_download_recovery_codes"}


def expected(who):
    """The views that whoever walks has to have seen; all are looked at by somebody."""
    if who.upper() in STAFF:
        pages = {name for name, needed in policy.STAFF.items() if may(who.upper(), needed)}
        return pages - ({"branch:workbench:approval"} if who == "teller" else set())  # No task.
    everything = policy.CUSTOMER | policy.SIGNED_IN
    business = {name for name in everything if ADDRESSES[name].startswith(BUSINESS)}
    partner = {name for name in policy.SIGNED_IN if ADDRESSES[name].startswith(DEVELOPERS)}
    return {
        "visitor": policy.PUBLIC,
        "newcomer": REGISTERING,
        "customer": everything - business - partner - REGISTERING - WITH_APP,
        "director": business,
        "developer": partner | WITH_APP,
    }[who]


def unseen(who, scanner):
    """What was expected and neither gave a page nor is for forms alone."""
    seen = {shape[0] for shape, found in scanner.answers.items() if found & {200, 286, 405}}
    return expected(who) - seen - BEGUN - LEAD_ON - SAY_NO


def told(scanner):
    return [f"{address}: {what} {how}" for (address, what), how in sorted(scanner.findings.items())]


def sent(form, value):
    """A form as it stands, with a value in every field that one types into."""
    keep = {"hidden", "submit", "button", "radio", "checkbox", "select"}
    typed = {
        name: old if form.kinds[name] in keep and form.method == "post" else value
        for name, old in form.fields.items()
    }
    files = [name for name, kind in form.kinds.items() if kind == "file"]
    row = f"{HEAD}D-1,{value},,,,,,".encode()
    return typed | {name: SimpleUploadedFile(f"{value} {name}.csv", row) for name in files}


@pytest.mark.proves("SE16")
@pytest.mark.parametrize("who", WHO)
def test_whoever_walks_the_bank_finds_nothing_to_attack(who, demo_bank, record_testsuite_property):
    scanner, starts = arrive(who)
    began = time.process_time()

    scanner.walk(*starts)
    seen = len(scanner.pages)
    type_markup(scanner)
    ask_the_database(scanner)
    lead_elsewhere(scanner)
    forge(scanner)

    took = time.process_time() - began
    record_testsuite_property(
        f"scan as {who}", f"{seen} pages, {scanner.asked} requests, {took:.1f} s"
    )
    assert not told(scanner)
    assert unseen(who, scanner) == set()


def type_markup(scanner):
    """Markup in every field and every query; the pages also show what they have kept."""
    for form in scanner.forms:
        path = urlsplit(form.action).path
        if form.method == "post" and path not in (*ENDS, SESSIONS):
            if "credential" in form.fields:  # What the script asks before a passkey signs.
                scanner.ask("post", form.action, form.fields | {"passkey": CANARY})
            answer = scanner.ask("post", form.action, sent(form, CANARY))
            if answer.status_code in (302, 303) and answer["Location"] not in ENDS:
                scanner.open(answer["Location"])
    for path, names in scanner.doors.items():
        scanner.ask("get", asking(path, names | ASKED, CANARY))
        if names:  # What is asked for may hide what was kept.
            scanner.ask("get", path)


def ask_the_database(scanner):
    """Two values that SQL would tell apart get the same answer, and none makes it wait."""
    asked = set()
    for path, names in scanner.doors.items():
        kind = shape_of(path)[0].rpartition("_")[2] if "/records/" in path else path
        for name in sorted(names - {"csrfmiddlewaretoken"}):
            if (kind, name) in asked and name != "q":
                continue  # All desks of records read these names in one way.
            asked.add((kind, name))
            for yes, no in (PAIRS[0], PAIRS[1 + len(name) % 4]):
                tell_apart(scanner, path, name, yes, no)


def tell_apart(scanner, path, name, yes, no):
    first, second = (scanner.ask("get", asking(path, [name], each)) for each in (yes, no))
    is_same = same(first, yes, no) == same(second, yes, no)
    again = first if is_same else scanner.ask("get", asking(path, [name], yes))
    is_steady = same(first, yes, no) == same(again, yes, no)  # Else it differs each time.
    if first.status_code != second.status_code or (is_steady and not is_same):
        scanner.find(path, f"answers two SQL values differently: {name}", yes)


def lead_elsewhere(scanner):
    """
    No value of any name leads to another site; whatever moves with it is asked in every way. What
    is asked besides would make the database wait.
    """
    refusing = {urlsplit(address).path: set() for address in scanner.refusals.values()}
    for path, names in (refusing | scanner.doors).items():
        if path in ENDS:
            continue
        slow = dict.fromkeys((names | ASKED) - set(WAYS_ON), SLOW)
        began = time.monotonic()
        answer = scanner.ask("get", asking(path, WAYS_ON, ELSEWHERE[0], **slow))
        if time.monotonic() - began > SLOW_SECONDS:
            scanner.find(path, "waited for the database")
        if EVIL in answer.headers.get("Location", "").partition("?")[0] or keeps(answer):
            for value in ELSEWHERE[1:]:
                scanner.ask("get", asking(path, WAYS_ON, value))
    for form in scanner.forms:
        path = urlsplit(form.action).path
        if form.method == "post" and "next" in form.fields and path not in ENDS:
            for value in ELSEWHERE[:1] if shape_of(path)[0] in ROUND_THE_PAGE else ELSEWHERE:
                scanner.ask("post", form.action, form.fields | {"next": value})


def keeps(answer):
    """Whether a form of the page would send on what was asked for."""
    forms = answer.page.forms if answer.page else []
    return any(ELSEWHERE[0] in form.fields.values() for form in forms)


def forge(scanner):
    """Forms without the page's token, by hand and by htmx, from here and elsewhere."""
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
        for headers in FORGED:
            answer = strict.post(path, without, headers=headers)
            scanner.judge(path, answer)
            if answer.status_code != 403:
                scanner.find(path, f"takes a forged form: {answer.status_code}", str(headers))
    if Entry.objects.count() != booked:
        scanner.find("/", "a forged form booked something")
