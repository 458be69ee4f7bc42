"""
Keeps the processes of one bank running: starts them, restarts whoever dies, stops all in order.

Processes are started from argument lists, so that no path with spaces is ever split, and each in a
session of its own, so that Ctrl-C reaches the supervisor alone and it decides the order.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
HEALTHY_SECONDS = 60  # Who has run so long starts again without a pause.
GRACE_SECONDS = 20
LOG_BYTES_MAX = 10_000_000
PR_SET_PDEATHSIG = 1


@dataclass
class Worker:
    """One process of the bank: how it is started, and what has become of it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    is_once: bool = False  # Its work ends; it is started again only if it failed.
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    failures: int = 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Starts workers in the order in which they were added, and stops them the other way round."""

    def __init__(self, folder: Path, *, say: Callable[[str], None] = print):
        self.folder = folder
        self.say = say
        self.workers: list[Worker] = []
        self.is_stopping = threading.Event()
        self.pids = folder / "run.pids"

    def add(
        self, name: str, command: list[str], environment: dict[str, str], *, is_once: bool = False
    ) -> Worker:
        """
        This will take a process into care; `run` or `start` starts it. One whose work `is_once`
        done is not started again.
        """
        log = self.folder / "logs" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
            log.replace(log.with_suffix(".log.1"))
        worker = Worker(name, command, environment, log, is_once)
        self.workers.append(worker)
        return worker

    def start(self, *names: str) -> None:
        """
        This will start the named workers, or all; the others when they are named in their turn.

        The first time, it ends what a killed bank left behind.
        """
        if not any(worker.process for worker in self.workers):
            self._end_leftovers()
        for worker in self.workers:
            if worker.process is None and (not names or worker.name in names):
                self._start(worker)
            elif worker.process is None:
                worker.due_at = float("inf")
        self._remember()

    def watch(self, *, between: Callable[[], None] = lambda: None) -> None:
        """This will keep the workers running until `ask_to_stop`, calling `between` on the way."""
        while not self.is_stopping.wait(0.2):
            self.look()
            between()

    def look(self) -> None:
        """This will look once after every worker, and start again who is due."""
        now = time.monotonic()
        for worker in self.workers:
            if worker.is_running:
                continue
            if worker.process is not None:
                self._note_end(worker, now)
            elif now >= worker.due_at and not self.is_stopping.is_set():
                self._start(worker)
                self._remember()

    def ask_to_stop(self, *_) -> None:
        """This will make `watch` return; as a signal's handler, the second time it kills."""
        if self.is_stopping.is_set():
            for worker in self.workers:
                self._signal(worker, signal.SIGKILL)
        self.is_stopping.set()

    def stop(self) -> None:
        """This will stop the workers in order; who does not go within 20 s is killed."""
        self.is_stopping.set()
        for worker in reversed(self.workers):
            if not worker.is_running:
                continue
            worker.process.send_signal(signal.SIGTERM)
            try:
                worker.process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self.say(f"{worker.name} does not stop; killing it")
                self._signal(worker, signal.SIGKILL)
                worker.process.wait(5)
        self.pids.unlink(missing_ok=True)

    def _start(self, worker: Worker) -> None:
        with worker.log.open("ab") as log:
            worker.process = subprocess.Popen(
                worker.command,
                env=worker.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        worker.started_at = time.monotonic()

    def _note_end(self, worker: Worker, now: float) -> None:
        if worker.is_once and worker.process.returncode == 0:
            worker.process, worker.due_at = None, float("inf")
            return
        if now - worker.started_at > HEALTHY_SECONDS:
            worker.failures = 0
        pause = min(FIRST_PAUSE_SECONDS * 2**worker.failures, LONGEST_PAUSE_SECONDS)
        worker.failures += 1
        worker.due_at = now + pause
        code = worker.process.returncode
        worker.process = None
        self.say(f"{worker.name} ended ({code}); starting it again in {pause:.0f} s")
        for line in _last_lines(worker.log, 3):
            self.say(f"  {worker.name}: {line}")

    def _signal(self, worker: Worker, number: int) -> None:
        if worker.is_running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.process.pid, number)

    def _remember(self) -> None:
        running = {w.name: w.process.pid for w in self.workers if w.process is not None}
        self.pids.write_text(json.dumps(running))

    def _end_leftovers(self) -> None:
        """End processes of a bank that was killed; on Linux they have died with it."""
        with contextlib.suppress(OSError, ValueError):
            for pid in json.loads(self.pids.read_text()).values():
                if "wekeza" in command_of(pid):
                    os.kill(pid, signal.SIGTERM)
                    _wait_for_end(pid)


def command_of(pid: int) -> str:
    """This will give the command line of a process, or "" if there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    if Path("/proc/self").exists():
        return ""
    asked = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True).stdout


def _wait_for_end(pid: int) -> None:
    until = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < until and "wekeza" in command_of(pid):
        time.sleep(0.1)


def _die_with_parent() -> None:
    """Between fork and exec: be told to stop when the supervisor is killed (Linux only)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _last_lines(path: Path, count: int) -> list[str]:
    with contextlib.suppress(OSError), path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4000))
        return file.read().decode(errors="replace").splitlines()[-count:]
    return []
