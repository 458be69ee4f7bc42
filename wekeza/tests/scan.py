"""
A scanner of the bank's pages (G13): it walks from page to page as one principal, reads what every
answer says and carries, and tries what attackers try. It knows nothing of ours but HTML and HTTP.
"""

import functools
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote_plus, urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve

EVIL = "evil.example"
CANARY = "zq7\"'><wkcanary wkattribute=1>"
ADDRESS_ATTRIBUTES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "poster", "data")
FETCHED = {"script", "img", "iframe", "object", "embed", "source", "video", "audio", "link"}
# What only the inside of a program says, or what names a version of it.
LEAKS = re.compile(
    r"Traceback \(most recent|Using the URLconf|DisallowedHost|psycopg\.|django\.core|"
    r"site-packages|File \"/|SyntaxError|ProgrammingError|LINE \d+:|PG::|SQLSTATE|"
    r"\b(?:Django|Python|gunicorn|nginx|PostgreSQL|WSGIServer|CPython|Werkzeug)/\d",
)
NEEDED = {
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
}
BANNED = ("X-Powered-By", "Server", "X-AspNet-Version", "X-Runtime", "Via", "X-Debug-Token")
PRIVATE = "no-store"
MOST_OF_A_SHAPE, MOST_OF_A_VIEW = 2, 8  # Pages that one view makes are alike.


@dataclass
class Form:
    """A form of a page: where it goes, how, and its fields with the values that stand in them."""

    page: str
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page links to, sends, fetches and runs."""

    def __init__(self, address: str, text: str):
        super().__init__(convert_charrefs=True)
        self.address, self.links, self.forms = address, set(), []
        self.faults: list[str] = []
        self.tags: set[str] = set()
        self._form, self._in_script = None, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        facts = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self._judge(tag, facts)
        if tag == "a" and facts.get("href"):
            self.links.add(urljoin(self.address, facts["href"]))
        if facts.get("hx-get"):
            self.links.add(urljoin(self.address, facts["hx-get"]))
        if tag == "form":
            where = urljoin(self.address, facts.get("action", ""))
            self._form = Form(self.address, where, facts.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "select", "textarea", "button"):
            self._note_field(tag, facts)
        self._in_script = tag == "script" and "src" not in facts

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        self._in_script = False

    def handle_data(self, data):
        if self._in_script and data.strip():
            self.faults.append("has a script in the page itself")

    def _note_field(self, tag, facts):
        name, kind = facts.get("name", ""), facts.get("type", tag)
        if not name or (kind in ("radio", "checkbox") and name in self._form.fields):
            return
        self._form.fields[name] = facts.get("value", "")
        self._form.kinds[name] = kind

    def _judge(self, tag, facts):
        if tag == "style" or "style" in facts:
            self.faults.append(f"has style in the page itself: <{tag}>")
        if tag == "wkcanary" or "wkattribute" in facts:
            self.faults.append("gives back what was typed as markup")
        if tag == "base":
            self.faults.append("has a <base>")
        for name, value in facts.items():
            if name.startswith(("on", "hx-on")):
                self.faults.append(f"has a script in an attribute: {name}")
            if name not in ADDRESS_ATTRIBUTES:
                continue
            where = urlsplit(value.strip())
            if where.scheme.lower() in ("javascript", "data", "vbscript"):
                self.faults.append(f"has an address that runs: {value[:40]}")
            if EVIL in where.netloc:
                self.faults.append(f"leads elsewhere: {value[:60]}")
            if tag in FETCHED and where.netloc and facts.get("rel") != "canonical":
                self.faults.append(f"fetches from elsewhere: {value[:60]}")
        if (
            tag == "a"
            and facts.get("target") == "_blank"
            and "noopener" not in facts.get("rel", "")
        ):
            self.faults.append("opens a window that can reach back")


class Scanner:
    """
    One principal's walk: every answer is judged, every finding is kept with its address. It walks
    through `rooms` (beginnings of paths), but not through those of `others`.
    """

    def __init__(self, client, rooms=("/",), others=()):
        self.client, self.rooms, self.others = client, tuple(rooms), tuple(others)
        self.findings: dict[tuple[str, str], str] = {}
        self.pages: dict[str, Page] = {}
        self.answers: dict[tuple[str, ...], set[int]] = {}  # Of each shape, while walking.
        self.refusals: dict[tuple, str] = {}  # One address of each kind of refusal.
        self.led_to: set[tuple[str, ...]] = set()  # Followed to once.
        self.asked = 0

    def find(self, address: str, what: str, how: str = "") -> None:
        """This will keep a finding, once for each address."""
        self.findings.setdefault((urlsplit(address).path, what), how)

    def ask(self, method: str, address: str, data=None, **more):
        """This will ask for an address and judge the answer."""
        self.asked += 1
        answer = getattr(self.client, method)(address, data, **more)
        self.judge(address, answer)
        return answer

    def walk(self, *starts: str) -> None:
        """This will open addresses and all that they lead to in the rooms, a few of each shape."""
        waiting, known, seen, of_shape = deque(starts), set(), set(), Counter()
        while waiting:
            address = waiting.popleft()
            shape, question = shape_of(address), _question_of(address)
            if urlsplit(address).netloc or question in known:
                continue
            known.add(question)
            of_shape.update((shape, shape[0]))
            if of_shape[shape] > MOST_OF_A_SHAPE or of_shape[shape[0]] > MOST_OF_A_VIEW:
                continue
            page = self.open(address)
            if page is not None and _question_of(page.address) not in seen:
                seen.add(_question_of(page.address))
                self.pages[page.address] = page
                waiting.extend(sorted(filter(self.is_near, page.links)))

    def is_near(self, address: str) -> bool:
        """This will say whether an address is in the rooms that are walked through."""
        path = urlsplit(address).path
        return path.startswith(self.rooms) and not (self.others and path.startswith(self.others))

    def open(self, address: str) -> Page | None:
        """This will follow an address to a page of HTML, if there is one behind it."""
        for _ in range(5):
            answer = self.ask("get", address)
            self.answers.setdefault(shape_of(address), set()).add(answer.status_code)
            if answer.status_code != 200:
                where = answer.headers.get("Location", "").partition("?")[0]
                room = shape_of(address)[0].rpartition(":")[0]
                self.refusals.setdefault((room, answer.status_code, where), address)
            if answer.status_code not in (301, 302, 303, 307, 308):
                return answer.page if answer.status_code == 200 else None
            address = urljoin(address, answer["Location"])
            if urlsplit(address).netloc or shape_of(address) in self.led_to:
                return None
            self.led_to.add(shape_of(address))
        return None

    def judge(self, address: str, answer) -> None:
        """This will look at one answer: its status, headers, cookies and words; and read it."""
        answer.page = None
        if answer.status_code >= 500:
            self.find(address, f"answers {answer.status_code}")
        for name, values in NEEDED.items():
            if answer.headers.get(name) not in values:
                self.find(address, f"{name} is {answer.headers.get(name)}")
        for name in BANNED:
            if name in answer.headers:
                self.find(address, f"says {name}: {answer.headers[name]}")
        if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
            self.find(address, "has no permissions policy")
        self._judge_policy(address, answer.headers.get("Content-Security-Policy", ""))
        self._judge_cookies(address, answer)
        self._judge_cache(address, answer)
        where = urlsplit(answer.headers.get("Location", "").strip())
        if EVIL in where.netloc or where.scheme not in ("", "http", "https"):
            self.find(address, f"leads elsewhere: {answer.headers['Location'][:80]}")
        if not answer.streaming:
            self._judge_words(address, answer)

    def _judge_policy(self, address, policy):
        told = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        if told.get("default-src") != "'none'" or told.get("frame-ancestors") != "'none'":
            self.find(address, f"has a loose content policy: {policy[:60]}")
        loose = {"*", "data:", "blob:", "http:", "https:"}
        for name, value in told.items():
            if "unsafe" in value or loose & set(value.split()):
                self.find(address, f"has a loose {name}: {value}")

    def _judge_cookies(self, address, answer):
        for name, cookie in answer.cookies.items():
            if str(cookie["max-age"]) == "0":
                continue  # It is taken away.
            if not cookie["httponly"]:
                self.find(address, f"cookie {name} can be read by scripts")
            if cookie["samesite"] not in ("Lax", "Strict"):
                self.find(address, f"cookie {name} goes along from other sites")
            if cookie["domain"] or cookie["path"] != "/":
                self.find(address, f"cookie {name} is for {cookie['domain']}{cookie['path']}")

    def _judge_cache(self, address, answer):
        is_static = address.startswith("/static/")
        told = answer.headers.get("Cache-Control", "")
        is_seen = _is_signed_in(answer) and not is_static and answer.status_code == 200
        if is_seen and PRIVATE not in told:
            self.find(address, f"may be kept: {told}")

    def _judge_words(self, address, answer):
        kind = answer.headers.get("Content-Type", "")
        if answer.content and not kind:
            self.find(address, "does not say what it is")
        if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
            self.find(address, f"does not say its character set: {kind}")
        text = answer.content.decode("utf-8", "replace")
        if not address.startswith("/static/") and (leak := LEAKS.search(text)):
            self.find(address, f"says {leak[0]!r}")
        if is_page(answer):
            answer.page = Page(address, text)
            for fault in answer.page.faults:
                self.find(address, fault)

    @property
    def forms(self) -> list[Form]:
        """Every form that was met, one of each shape."""
        found = {}
        for page in self.pages.values():
            for form in page.forms:
                found.setdefault((shape_of(form.action), form.method, *form.fields), form)
        return list(found.values())

    @property
    def doors(self) -> dict[str, set[str]]:
        """One address of each shape that gave a page, and the names that it was seen to take."""
        found: dict[tuple[str, ...], tuple[str, set[str]]] = {}
        for page in self.pages.values():
            path = urlsplit(page.address).path
            found.setdefault(shape_of(path), (path, set()))
        for page in self.pages.values():
            for link in page.links | {page.address}:
                if shape_of(link) in found:
                    found[shape_of(link)][1].update(_question_of(link)[1])
            for form in page.forms:
                if form.method == "get" and shape_of(form.action) in found:
                    found[shape_of(form.action)][1].update(form.fields)
        return dict(found.values())


@functools.cache
def shape_of(address: str) -> tuple[str, ...]:
    """
    This will name an address by its view and the words in it: those are kinds of things, where
    numbers and tokens are things. Pages about one record are alike at all desks of records.
    """
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return (path,)
    if found.view_name.startswith("admin:") and "object_id" in found.kwargs:
        return ("admin:" + found.view_name.rpartition("_")[2],)
    words = [value for value in found.kwargs.values() if re.fullmatch("[a-z-]+", str(value))]
    return (found.view_name, *words)


def _question_of(address: str) -> tuple[str, tuple[str, ...]]:
    """The path and the names that are asked behind it, whatever is asked for."""
    where = urlsplit(address)
    asked = {name for name, _ in parse_qsl(where.query, keep_blank_values=True)}
    return where.path, tuple(sorted(asked))


def _is_signed_in(answer) -> bool:
    user = getattr(answer.wsgi_request, "user", None)
    return user is not None and user.is_authenticated


def is_page(answer) -> bool:
    """This will say whether an answer is a page of HTML."""
    return not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")


def asking(path: str, names, value: str, **others: str) -> str:
    """This will give an address that asks one value under each of some names, and others too."""
    return f"{path}?{urlencode(dict.fromkeys(sorted(names), value) | others)}"


def same(answer, *typed: str) -> str:
    """This will give an answer's words without what was typed and what changes each time."""
    text = answer.content.decode("utf-8", "replace")
    for _ in range(3):  # What was typed stands in addresses within addresses.
        text = unquote_plus(unescape(text))
    for value in sorted(typed, key=len, reverse=True):
        text = text.replace(value, "…")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    changing = r'"X-CSRFToken": "[^"]+"|[0-9a-f-]{16,36}|\d\d:\d\d(:\d\d)?'
    return re.sub(changing, "", text)
