"""
Values that exist nowhere else, typed into the running bank, and every place where they could have
been kept in plain sight (G23): logs, queue and cache, every row of every table, files, the screen.
"""

import base64
import re
import secrets
import threading
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis
import requests

from wekeza.tests.scan import Form, Page

DATABASES_OF_VALKEY = 16


class Canaries:
    """The values by name; each is known by its text, and by the ways texts are written."""

    def __init__(self):
        self.values: dict[str, str] = {}
        self.mark = secrets.token_hex(6)

    def word(self, name: str, form: str = "{}") -> str:
        """This will make a value around fresh hexadecimal digits."""
        return self.keep(name, form.format(self.mark + secrets.token_hex(4)))

    def letters(self, name: str, form: str = "{}") -> str:
        """This will make a value around fresh letters, for names of people."""
        drawn = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(12))
        return self.keep(name, form.format(drawn.capitalize()))

    def digits(self, name: str, count: int, form: str = "{}") -> str:
        """This will make a value around fresh digits."""
        drawn = "".join(secrets.choice("123456789") for _ in range(count))
        return self.keep(name, form.format(drawn))

    def keep(self, name: str, value: str) -> str:
        """This will watch for a value that the bank itself made."""
        assert len(value) >= 8, f"{name} is too short to be looked for"
        self.values[name] = value
        return value

    def in_text(self, text: str) -> set[str]:
        """This will name the values that a text shows, however they are written."""
        return {
            name
            for name, value in self.values.items()
            if any(written in text for written in ways_to_write(value))
        }


def ways_to_write(value: str) -> set[str]:
    """This will give a value as it is, and as hexadecimal, base64, JSON and an address have it."""
    raw = value.encode()
    ways = {value, raw.hex(), quote(value), base64.b64encode(raw).decode().rstrip("=")}
    return ways | {value.lower(), value.upper()}


class Browser:
    """A person with a browser: opens pages, fills in their forms and sends them."""

    def __init__(self, url: str):
        self.url, self.session = url, requests.Session()

    def see(self, path: str) -> str:
        """This will open a page, wherever it leads."""
        self.answer = self.session.get(self.url + path, timeout=30)
        return self.answer.text

    def form(self, path: str, has: str) -> Form:
        """This will open a page and give its form that has a field of this name."""
        page = Page(path, self.see(path))
        found = [form for form in page.forms if has in form.fields and form.method == "post"]
        assert found, (path, self.answer.status_code, self.answer.url, has, self.answer.text[:500])
        return found[0]

    def send(self, path: str, *, files=None, **typed) -> requests.Response:
        """This will fill in the form of a page and send it; gives the answer as it comes."""
        form = self.form(path, has=next(iter(typed), None) or next(iter(files)))
        fields = {k: v for k, v in form.fields.items() if form.kinds[k] not in ("button", "file")}
        where = form.action or path
        self.answer = self.session.post(
            self.url + where,
            data=fields | typed,
            files=files,
            headers={"Referer": self.url + path},
            allow_redirects=False,
            timeout=30,
        )
        return self.answer


class Listener:
    """Everything that anybody says to a Valkey while it listens: tasks, cache, locks."""

    def __init__(self, socket: Path):
        self.heard: list[str] = []
        self._client = redis.Redis(unix_socket_path=str(socket))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self):
        self._monitor = self._client.monitor()
        self._monitor.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._client.echo("that is all")  # Wakes the thread.
        self._thread.join(10)
        self._client.close()

    def _listen(self):
        for told in self._monitor.listen():
            self.heard.append(told["command"])
            if self._over.is_set():
                return


def kept_by_valkey(socket: Path) -> str:
    """This will give every key of every database of a Valkey with what it holds."""
    found = []
    for number in range(DATABASES_OF_VALKEY):
        with redis.Redis(unix_socket_path=str(socket), db=number) as client:
            for key in client.scan_iter():
                found += [key, client.dump(key) or b""]
    return b"\n".join(found).decode("latin-1")


def kept_by_tables(url: str, canaries: Canaries) -> dict[str, set[str]]:
    """This will name, for each column of the database, the values that lie there readable."""
    ways = {re.escape(way) for value in canaries.values.values() for way in ways_to_write(value)}
    any_of_them = "|".join(sorted(ways))
    found: dict[str, set[str]] = {}
    with psycopg.connect(url) as db:
        tables = db.execute(
            "SELECT format('%I.%I', schemaname, tablename), tablename FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for table, name in tables:
            rows = db.execute(
                f"SELECT to_jsonb(t) FROM {table} t WHERE to_jsonb(t)::text ~ %s",  # noqa: S608
                [any_of_them],
            )
            for (row,) in rows:
                for column, value in row.items():
                    for each in canaries.in_text(str(value)):
                        found.setdefault(f"{name}.{column}", set()).add(each)
    return found


def running_statements(url: str) -> str:
    """This will give what every connection of a database last asked, literals and all."""
    with psycopg.connect(url) as db:
        rows = db.execute("SELECT query FROM pg_stat_activity WHERE datname = current_database()")
        return "\n".join(query for (query,) in rows)


def kept_in_files(folder: Path) -> str:
    """This will give the bytes of every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(path.read_bytes() for path in files).decode("latin-1")
