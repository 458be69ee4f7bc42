import os
import signal
import sys
import time

import pytest

from wekeza.runtime import supervisor
from wekeza.runtime.supervisor import Supervisor, command_of

SLEEP = "import time; time.sleep(60)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(60)"
)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "a folder with spaces"
    path.mkdir()
    return path


@pytest.fixture
def care(folder, monkeypatch):
    """A supervisor that pauses only a moment, and what it said."""
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.05)
    said = []
    watcher = Supervisor(folder, say=said.append)
    watcher.said = said
    yield watcher
    watcher.stop()


def python(code):
    return [sys.executable, "-c", code]


def wait_until(condition, seconds=10):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


class TestSupervisor:
    def test_starts_again_who_dies_waiting_longer_each_time(self, care):
        worker = care.add("web", python("print('no luck'); raise SystemExit(3)"), dict(os.environ))
        care.start()

        wait_until(lambda: care.look() or worker.failures >= 3)

        assert "web ended (3); starting it again in 0 s" in care.said
        assert "  web: no luck" in care.said
        assert worker.due_at - time.monotonic() > 0.1

    def test_leaves_the_others_alone_when_one_dies(self, care):
        healthy = care.add("worker", python(SLEEP), dict(os.environ))
        dying = care.add("web", python(SLEEP), dict(os.environ))
        care.start()
        before = healthy.process.pid

        os.kill(dying.process.pid, signal.SIGKILL)
        wait_until(lambda: care.look() or (dying.failures == 1 and dying.is_running))

        assert healthy.process.pid == before and healthy.is_running

    def test_stops_the_last_added_first_and_kills_the_deaf(self, care, monkeypatch):
        monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.3)
        deaf = care.add("deaf", python(DEAF), dict(os.environ))
        polite = care.add("polite", python(SLEEP), dict(os.environ))
        care.start()
        wait_until(lambda: "deaf" in deaf.log.read_text())

        care.stop()

        assert polite.process.returncode == -signal.SIGTERM
        assert deaf.process.returncode == -signal.SIGKILL
        assert care.said == ["deaf does not stop; killing it"]
        assert not care.pids.exists()

    def test_ends_what_a_killed_bank_left_behind(self, care, folder):
        left = Supervisor(folder, say=print)
        worker = left.add("web", python("'wekeza'; " + SLEEP), dict(os.environ))
        left.start()

        care.start()

        wait_until(lambda: worker.process.poll() is not None)
        left.workers.clear()

    def test_never_ends_a_process_of_somebody_else(self, care, folder):
        stranger = Supervisor(folder, say=print)
        worker = stranger.add("web", python(SLEEP), dict(os.environ))
        stranger.start()

        care.start()

        assert "time.sleep" in command_of(worker.process.pid)
        assert worker.is_running
        stranger.stop()

    def test_gives_each_process_its_arguments_whole(self, care, folder):
        out = folder / "what came.txt"
        care.add("web", [*python("import sys; open(sys.argv[1], 'w').write('x')"), str(out)], {})
        care.start()

        wait_until(out.exists)
