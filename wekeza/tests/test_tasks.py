"""The registry of the roof: events find their handlers, tasks of the clock exist."""

import pytest

from accounts.factories import UserFactory
from accounts.notifications import operations as notifications
from accounts.notifications.models import DemoInboxItem
from wekeza.celery import app
from wekeza.schedule import SCHEDULE
from wekeza.tasks import handlers, sweep_outbox


class TestRegistry:
    def test_names_handlers_that_exist(self):
        assert all(callable(handler) for told in handlers().values() for handler in told)

    def test_names_tasks_that_exist(self):
        app.loader.import_default_modules()

        assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


@pytest.mark.django_db
class TestSweepOutbox:
    def test_carries_a_queued_message_to_its_person(self, demo_bank):
        notifications.queue(user=UserFactory(), channel="SMS", kind="pin_changed")

        sweep_outbox.delay()

        assert DemoInboxItem.objects.get().body.startswith("Wekeza: your PIN was changed.")
