"""
What a scanner sends besides pages and forms (G13): names of other hosts, other methods in disguise,
ways out of the folder of static files, and addresses to be sent on to after a real login.
"""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.documents.models import Document
from accounts.factories import PASSWORD, CustomerFactory
from accounts.notifications.models import Message
from wekeza.tests.api import principals
from wekeza.tests.scan import EVIL, Scanner
from wekeza.tests.test_authorisation_of_programs import DOORS, policy, roomy
from wekeza.tests.test_scan import ELSEWHERE, told

__all__ = ["roomy"]
pytestmark = pytest.mark.django_db
UP = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "....//", "..\\", "..%5c", "%c0%ae%c0%ae/"]
FILES = ["etc/passwd", "wekeza/settings.py", "manage.py", ".env", "secrets.env"]
INSIDE = ("root:x:", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "WEKEZA_KEYS")
LEFT_BEHIND = [
    "/.env", "/.git/config", "/.git/HEAD", "/.hg/", "/.svn/entries", "/.DS_Store", "/backup.zip",
    "/dump.sql", "/db.sqlite3", "/settings.py", "/manage.py", "/requirements.txt", "/admin/",
    "/debug/", "/__debug__/", "/server-status", "/phpinfo.php", "/wp-login.php", "/actuator/env",
    "/metrics", "/console", "/graphql", "/static/", "/media/", "/static/admin/", "/secrets.env",
    "/.well-known/security.txt~", "/api/v1/.env", "/crossdomain.xml", "/trace.axd", "/elmah.axd",
]  # fmt: skip
NAMES_OF_HOSTS = [
    EVIL, f"{EVIL}:80", f"testserver.{EVIL}", f"testserver@{EVIL}", f"testserver:80@{EVIL}",
    f"testserver#{EVIL}", f"testserver, {EVIL}", f"{EVIL}\\testserver", "testserver:80:80",
    "[::1]." + EVIL, "127.0.0.1." + EVIL, "testserver/../" + EVIL, "<script>alert(1)</script>",
]  # fmt: skip
FORWARDED = ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-HTTP-Host-Override"]
FORWARDED += ["Forwarded", "X-Original-Host", "X-Rewrite-URL", "X-Original-URL"]
IN_DISGUISE = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Method"]


def scanner():
    return Scanner(Client(raise_request_exception=False))


class TestPaths:
    def test_lead_out_of_no_folder(self):
        walk = scanner()
        for start in ("/static/", "/static/wekeza/", "/documents/", "/register/text/", "/docs/"):
            for up in UP:
                for file in FILES:
                    answer = walk.ask("get", start + up * 6 + file)
                    text = b"".join(answer) if answer.streaming else answer.content
                    if any(word.encode() in text for word in INSIDE):
                        walk.find(start, f"gave a file away: {up}{file}")
        assert not told(walk)

    def test_hold_nothing_that_was_left_behind(self):
        walk = scanner()
        for path in LEFT_BEHIND:
            if walk.ask("get", path).status_code != 404:
                walk.find(path, "is there")
        assert not told(walk)


class TestNamesOfHosts:
    @pytest.mark.parametrize("host", NAMES_OF_HOSTS)
    def test_that_are_not_ours_are_refused(self, host):
        walk = scanner()

        answer = walk.ask("get", "/", headers={"host": host})

        assert answer.status_code == 400
        assert EVIL.encode() not in answer.content and b"<script>" not in answer.content
        assert not told(walk)

    @pytest.mark.parametrize("name", FORWARDED)
    def test_said_beside_are_not_believed_in_any_mail(self, name):
        customer, walk = CustomerFactory(), scanner()
        said = f"host={EVIL}" if name == "Forwarded" else EVIL

        page = walk.ask("get", "/login/", headers={name: said})
        sent = {"email": customer.user.email}
        answer = walk.ask("post", "/access/password/reset/", sent, headers={name: said})

        assert (page.status_code, answer.status_code) == (200, 302)
        assert EVIL.encode() not in page.content
        bodies = [message.body for message in Message.objects.filter(user=customer.user)]
        assert bodies and not any(EVIL in body for body in bodies)
        assert not told(walk)

    def test_that_are_not_ours_send_no_mail(self):
        customer, walk = CustomerFactory(), scanner()
        before = Message.objects.count()
        where, sent = "/access/password/reset/", {"email": customer.user.email}

        assert walk.ask("post", where, sent, headers={"host": EVIL}).status_code == 400
        assert Message.objects.count() == before


class TestMethods:
    @pytest.mark.parametrize("name", IN_DISGUISE)
    def test_in_disguise_are_what_they_are(self, name):
        amina = principals.customer()
        path = f"/api/v1/document/file/{amina.things['v1:document']}"
        before = Document.objects.values_list("state", flat=True).get()

        read = amina.program.get(path, **{name: "DELETE"})
        sent = amina.program.send("POST", f"{path}?_method=DELETE", "{}", **{name: "DELETE"})

        assert (read.status_code, sent.status_code) == (200, 405)
        assert Document.objects.values_list("state", flat=True).get() == before

    @pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG"])
    def test_that_nobody_needs_say_nothing_back(self, client, method):
        headers = {"cookie": "session=canary-of-a-cookie"}
        for path in ("/", "/login/", "/settings/", "/api/v1/auth/login"):
            answer = client.generic(method, path, headers=headers)
            assert answer.status_code in (302, 403, 404, 405), (method, path)
            assert b"canary-of-a-cookie" not in answer.content


class TestTheWayOn:
    @pytest.mark.parametrize("value", ELSEWHERE)
    def test_after_a_real_login_stays_in_the_bank(self, value):
        client, user = Client(), CustomerFactory().user
        typed = {"login": user.email, "password": PASSWORD, "next": value}

        answer = client.post("/login/", typed)

        assert answer.status_code == 302 and client.get("/settings/").status_code == 200
        where = urlsplit(answer["Location"].strip())
        assert where.scheme == where.netloc == "" and where.path.startswith("/")
        assert not where.path.startswith(("//", "/\\")) and "\n" not in answer["Location"]
        for path, sent in {
            "/language/": {"language": "sw"},
            "/theme/": {"theme": "dark"},
            "/hide-balances/": {"hides": "1"},
            "/access/logout/": {},
        }.items():
            moved = client.post(path, sent | {"next": value}, headers={"referer": value.strip()})
            where = urlsplit(moved.headers.get("Location", "/").strip())
            assert EVIL not in where.netloc and where.scheme in ("", "http"), (path, value)


class TestPrograms:
    @pytest.mark.parametrize("who", ["nobody", "customer", "partner"])
    def test_are_answered_with_every_header_and_no_cookie(self, who, demo_bank):
        asker, walk = getattr(principals, who)(), scanner()
        walk.client.defaults |= {"HTTP_ORIGIN": f"https://{EVIL}"}
        for name, rules in policy.API.items():
            for method in rules:
                answer = asker.program.send(method, DOORS[name], "{}", Origin=f"https://{EVIL}")
                walk.judge(DOORS[name], answer)
                if "no-store" not in answer.headers.get("Cache-Control", ""):
                    walk.find(DOORS[name], "may be kept")
                if answer.cookies:
                    walk.find(DOORS[name], f"sets cookies: {sorted(answer.cookies)}")
                if "Access-Control-Allow-Origin" in answer.headers:
                    walk.find(DOORS[name], "opens to another site")
                if answer.content and not answer.headers["Content-Type"].startswith(
                    ("application/json", "image/", "application/pdf")
                ):
                    walk.find(DOORS[name], f"is no JSON: {answer.headers['Content-Type']}")
        assert not told(walk)
