"""What the bank is measured against: pgbench's TPC-B-like script, and django-hordak."""

import hashlib
import math
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

from wekeza.bench.crew import Crew
from wekeza.bench.figures import Slice
from wekeza.bench.server import BenchServer
from wekeza.runtime import env

TPCB, HORDAK = "tpcb", "hordak"
TPCB_SCALE = 50
REQUIREMENTS = env.ROOT / "requirements-bench.txt"
VENV = env.ROOT / ".venv-bench"


def open_tpcb(server: BenchServer) -> None:
    """This will fill pgbench's tables."""
    server.make(TPCB)
    server.pgbench("-i", "-q", "-s", str(TPCB_SCALE), TPCB)


def tpcb(server: BenchServer, *, clients: int, seconds: float) -> Slice:
    """This will run the TPC-B-like script, prepared, for whole seconds."""
    threads = min(clients, os.cpu_count() or 1)
    report = server.pgbench(
        *("-n", "-M", "prepared", "-c", str(clients), "-j", str(threads)),
        *("-T", str(math.ceil(seconds)), TPCB),
    )
    return Slice(rate=float(re.search(r"^tps = ([\d.]+)", report, re.MULTILINE).group(1)))


def open_hordak(server: BenchServer, *, accounts: int) -> dict[str, Crew]:
    """
    This will install hordak beside the bank, make its database, and open its processes: with
    Django's own options of a connection, as it is installed, and with ours.
    """
    python = _environment()
    server.make(HORDAK, owner=env.OWNER_ROLE)
    environment = os.environ | {
        "BENCH_HORDAK_HOST": str(server.socket),
        "BENCH_HORDAK_DATABASE": HORDAK,
        "BENCH_HORDAK_USER": env.OWNER_ROLE,
    }
    environment.pop("PYTHONPATH", None)
    words = [python, Path(__file__).parent / "hordak_worker.py"]
    subprocess.run([*words, "make", str(accounts)], check=True, env=environment)
    server.say("VACUUM ANALYZE", database=HORDAK)
    return {
        name: Crew(words, size=8, cwd=env.ROOT, environment=environment | more)
        for name, more in (("hordak", {}), ("hordak_prepared", {"BENCH_HORDAK_PREPARED": "1"}))
    }


def _environment() -> Path:
    python, mark = VENV / "bin" / "python", VENV / ".requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (python.exists() and mark.exists() and mark.read_text() == wanted):
        print(f"  Installing {REQUIREMENTS.name} in {VENV.name} …", file=sys.stderr, flush=True)
        venv.create(VENV, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True)
        mark.write_text(wanted)
    return python
