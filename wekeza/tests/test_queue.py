"""A real Valkey and a real worker."""

import time

import pytest
from celery import current_app

from wekeza import schedule
from wekeza.celery import app


def ping(broker_url):
    from celery import Celery

    with Celery(broker=broker_url, set_as_current=False) as asker:
        return asker.control.ping(timeout=5)


class TestTheQueue:
    @pytest.mark.proves("OP34", "OP40")
    def test_hands_a_task_over_redis_to_a_worker(self, celery_worker):
        began = time.monotonic()
        celery_worker.ask("runtime.say", words="salary day")

        celery_worker.wait_for("the queue brought: salary day")

        assert time.monotonic() - began < 5
        assert [list(answer.values()) for answer in ping(celery_worker.broker_url)] == [
            [{"ok": "pong"}]
        ]

    def test_keeps_a_task_until_it_is_done_and_gives_a_worker_one_at_a_time(self):
        assert current_app.conf.task_acks_late and app.conf.task_reject_on_worker_lost
        assert app.conf.worker_prefetch_multiplier == 1
        assert app.conf.task_serializer == "json" and app.conf.accept_content == ["json"]
        visible_seconds = app.conf.broker_transport_options["visibility_timeout"]
        assert app.conf.task_time_limit < visible_seconds

    def test_knows_every_task_of_the_schedule(self):
        app.loader.import_default_modules()

        unknown = {entry["task"] for entry in schedule.SCHEDULE.values()} - set(app.tasks)

        assert not unknown
