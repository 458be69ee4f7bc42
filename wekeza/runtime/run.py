"""
One command opens the bank: database, task queue, migrations, demo bank, then web, worker and beat.

    ./bank run        Ctrl-C stops all of it, in order
"""

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from wekeza.runtime import env
from wekeza.runtime.devbroker import BrokerFailed
from wekeza.runtime.devdb import DatabaseFailed
from wekeza.runtime.os_account import NoAccount
from wekeza.runtime.servers import Servers, free_port
from wekeza.runtime.supervisor import Supervisor

LOGINS, PART = "demo-logins.txt", "demo-logins.part"
OPEN_WITHIN_SECONDS = 60
PRETENDED = "WEKEZA_SIMULATORS"


class CannotOpen(Exception):
    """The bank cannot open; the message says why and what helps."""


def main() -> int:
    began = float(os.environ.pop("BANK_BEGAN", 0)) or time.time()
    signal.signal(signal.SIGTERM, _interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        try:
            with _only_one(env.data_folder()):
                _run(began)
        except (CannotOpen, DatabaseFailed, BrokerFailed, NoAccount, env.BadEnvironment) as reason:
            print(f"The bank cannot open. {reason}", file=sys.stderr)
            return 1
    return 0


def _run(began: float) -> None:
    host = env.text("HOST") or env.text("LOCAL_HOST", "127.0.0.1")
    port = env.number("PORT", env.number("LOCAL_PORT", 8000))
    _want_free(host, port)
    folder = env.data_folder()
    environment = _environment(host, port)
    servers = Servers()
    supervisor = Supervisor(folder)
    try:
        servers.start()
        _prepare(environment)
        if environment.get(PRETENDED):
            simulators = [sys.executable, "-m", "wekeza.runtime.simulators"]
            supervisor.add("simulators", simulators, environment)
        for name, command in _processes(host, port, folder):
            is_web = name == "web"
            supervisor.add(
                name,
                command,
                environment | {"WEKEZA_PROCESS": name, "DB_POOL": "1" if is_web else ""},
            )
        if environment["WEKEZA_DEMO"] and (folder / PART).exists():
            # The rest of the demo bank's year is lived behind the first page.
            supervisor.add("demo", [*_manage(), "demo_seed", "--year"], environment, is_once=True)
        signal.signal(signal.SIGINT, supervisor.ask_to_stop)
        signal.signal(signal.SIGTERM, supervisor.ask_to_stop)
        supervisor.start("web")  # Alone, so that the first page need not wait for the others.
        address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}"  # noqa: S104
        _greet(supervisor, address, folder, began)
        supervisor.watch()
        print("\nClosing the bank…")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        supervisor.stop()
        servers.stop()
    print("Closed.")


def _interrupt(*_):
    raise KeyboardInterrupt


@contextlib.contextmanager
def _only_one(folder: Path):
    """Hold the folder's lock, so that no second bank runs on the same data."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotOpen(
                f"A bank already runs on {folder}. Open a second one with another folder and "
                "port: PORT=8001 BANK_DATA=/some/folder ./bank run"
            ) from None
        yield


def _want_free(host: str, port: int) -> None:
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind) as plug:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            plug.bind((host, port))
        except OSError as error:
            raise CannotOpen(
                f"{host}:{port} is not to be had ({error.strerror}). Another program may use it; "
                "take another port: PORT=8001 ./bank run"
            ) from None


def _environment(host: str, port: int) -> dict[str, str]:
    """What the bank's processes are given; a bank with its own servers is a demo bank."""
    is_own = not env.text("DATABASE_URL") and not env.flag("PRODUCTION")
    given = os.environ | {
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(env.ROOT), os.environ.get("PYTHONPATH")])),
        "DJANGO_SETTINGS_MODULE": "wekeza.settings",
        "BANK_DATA": str(env.data_folder()),
        "HOST": host,
        "PORT": str(port),
    }
    given.setdefault("WEKEZA_DEMO", "1" if is_own else "")
    return given | _pretended_providers(given)


def _pretended_providers(given: dict[str, str]) -> dict[str, str]:
    """Where the demo bank finds register, phone network and bureau, unless it is told others."""
    is_told = any(given.get(f"{name}_URL") for name in ("IPRS", "PHONE_OWNER", "METROPOL"))
    if given["WEKEZA_DEMO"].strip().lower() not in env.TRUE or is_told:
        return {}
    url = f"http://127.0.0.1:{free_port()}"
    token = secrets.token_urlsafe(32)
    return {
        **{f"{name}_URL": url for name in ("IPRS", "PHONE_OWNER")},
        **{f"{name}_TOKEN": token for name in ("IPRS", "PHONE_OWNER")},
        "METROPOL_URL": f"http://127.0.0.1:{free_port()}",
        "METROPOL_PUBLIC_KEY": secrets.token_hex(16),
        "METROPOL_PRIVATE_KEY": secrets.token_hex(32),
        PRETENDED: "1",
    }


def _prepare(environment: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", "wekeza.runtime.prepare"], env=environment)
    if done.returncode:
        raise CannotOpen("See the reason above.")
    logins = Path(environment["BANK_DATA"]) / LOGINS
    if environment["WEKEZA_DEMO"] and not logins.exists():
        asked = ["--first-day"] if env.flag("DEMO_YEAR", default=True) else []
        seeded = subprocess.run([*_manage(), "demo_seed", *asked], env=environment, cwd=env.ROOT)
        if seeded.returncode:
            raise CannotOpen(
                "The demo bank could not be made; see the reason above. "
                "WEKEZA_DEMO= ./bank run opens it without demo people."
            )


def _manage() -> list[str]:
    return [sys.executable, str(env.ROOT / "manage.py")]


def _processes(host: str, port: int, folder: Path) -> list[tuple[str, list[str]]]:
    """In the order of starting: who does the work first, who asks for work last."""
    celery = [sys.executable, "-m", "celery", "-A", "wekeza.celery"]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        (
            "worker",
            [
                *(*celery, "worker", "--loglevel", "info", "--concurrency", "2"),
                *("--without-gossip", "--without-mingle"),
            ],
        ),
        ("beat", [*celery, "beat", "--loglevel", "info", "--pidfile", ""]),
        (
            "web",
            [
                *(sys.executable, "-m", "gunicorn", "wekeza.wsgi", "--bind", address),
                *("--worker-class", "gthread", "--workers", env.text("WEB_WORKERS", "2")),
                *("--threads", env.text("WEB_THREADS", "4"), "--graceful-timeout", "10"),
                *(
                    "--access-logfile",
                    "-",
                    "--no-control-socket",
                    "--preload",
                    "--chdir",
                    str(folder),
                ),
            ],
        ),
    ]


def _greet(supervisor: Supervisor, address: str, folder: Path, began: float) -> None:
    """Wait until the first page comes, then say where the bank is and how to come in."""
    until = time.monotonic() + OPEN_WITHIN_SECONDS
    while not _is_open(address):
        supervisor.look()
        if supervisor.is_stopping.wait(0.05):
            return
        if time.monotonic() > until:
            raise CannotOpen(f"The web server does not answer; see {folder / 'logs' / 'web.log'}")
    supervisor.start()
    print(f"\nWekeza is open: {address}   ({time.time() - began:.1f} s)")
    if env.text("HOST") == "0.0.0.0":  # noqa: S104
        print(f"On your network: http://{_network_address()}:{address.rpartition(':')[2]}")
    logins = folder / LOGINS
    if logins.exists():
        print(f"\n{logins.read_text().rstrip()}\n\nThese logins are kept in {logins}")
    if (folder / PART).exists():
        print("\nThe demo bank is living its year behind this; its pages tell how far it is.")
    print(f"Logs: {folder / 'logs'}. Ctrl-C closes the bank.", flush=True)


def _network_address() -> str:
    """The address by which others on the local network reach this machine; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        try:
            plug.connect(("192.0.2.1", 9))
        except OSError:
            return socket.gethostname()
        return plug.getsockname()[0]


def _is_open(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/", timeout=5):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
