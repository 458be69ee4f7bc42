"""The registry of the roof: events find their handlers, tasks of the clock exist."""

import re
import subprocess
import sys

import pytest

from accounts.factories import UserFactory
from accounts.notifications import operations as notifications
from accounts.notifications.models import DemoInboxItem
from wekeza.celery import app
from wekeza.runtime.env import ROOT
from wekeza.schedule import SCHEDULE
from wekeza.tasks import handlers, sweep_outbox

WORKER = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
from wekeza.celery import app
app.loader.import_default_modules()
print(*app.tasks)
"""


class TestRegistry:
    def test_names_handlers_that_exist(self):
        assert all(callable(handler) for told in handlers().values() for handler in told)

    def test_gives_the_worker_every_task_of_every_room(self):
        """In a process of its own: a test may have imported what a worker would not."""
        rooms = sorted(ROOT.glob("*/*/tasks.py")) + sorted(ROOT.glob("*/tasks.py"))
        written = {
            name for room in rooms for name in re.findall(r'name="([\w.]+)"', room.read_text())
        }
        known = subprocess.run(
            [sys.executable, "-c", WORKER], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()

        assert len(written) > 10
        assert written - set(known) == set()

    def test_names_tasks_that_exist(self):
        app.loader.import_default_modules()

        assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


@pytest.mark.django_db
class TestSweepOutbox:
    def test_carries_a_queued_message_to_its_person(self, demo_bank):
        notifications.queue(user=UserFactory(), channel="SMS", kind="pin_changed")

        sweep_outbox.delay()

        assert DemoInboxItem.objects.get().body.startswith("Wekeza: your PIN was changed.")
