"""A real Valkey and a real worker."""

import time

import pytest
from celery import current_app

from accounts.factories import UserFactory
from accounts.notifications import operations as notifications
from accounts.notifications.models import DemoInboxItem
from accounts.statements.models import StatementFile
from accounts.statements.tests.test_doors import juma_and_grace, signed_in, text
from accounts.statements.tests.test_files import ASK, wish
from ledger.factories import pay as pay_batch
from ledger.journal.lines import BatchLine
from ledger.money import kes
from wekeza.celery import app


def ping(broker_url):
    from celery import Celery

    with Celery(broker=broker_url, set_as_current=False) as asker:
        return asker.control.ping(timeout=5)


def wait_until(condition, seconds=30, pause=0.05):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(pause)


@pytest.mark.django_db(transaction=True)
class TestTheQueue:
    @pytest.mark.proves("OP34", "OP40")
    def test_hands_a_task_over_redis_to_a_worker_who_does_it(self, celery_worker, demo_bank):
        user = UserFactory()
        notifications.queue(user=user, channel="SMS", kind="pin_changed")

        def is_told():
            celery_worker.ask("outbox.sweep")  # Others' events may be due first.
            return DemoInboxItem.objects.filter(message__user=user).exists()

        wait_until(is_told, pause=0.5)
        assert [list(answer.values()) for answer in ping(celery_worker.broker_url)] == [
            [{"ok": "pong"}]
        ]

    @pytest.mark.proves("OP34", "PF09", "PF11")
    def test_takes_a_large_statement_off_the_page_and_makes_it_in_the_background(
        self, celery_worker
    ):
        juma, grace = juma_and_grace()
        line = BatchLine(juma.ledger_account_id, grace.ledger_account_id, kes("1"))
        pay_batch(*[line] * 2001)
        page = signed_in(juma)

        asked = page.post(ASK, wish(juma, "CSV"))
        waiting = page.get(asked["Location"])
        assert StatementFile.objects.get().is_waiting  # The page came before the file.
        assert "We are making it" in text(waiting)
        celery_worker.ask("outbox.sweep")
        wait_until(lambda: StatementFile.objects.get().is_made, seconds=60, pause=0.5)

        # 5,000 came in and 2,001 times 1 went out: 2,002 rows.
        assert "It is ready" in text(page.get(asked["Location"]))
        written = page.get(f"{asked['Location']}download/").content.decode("utf-8-sig")
        assert "Totals of all dates,,,5000.00,2001.00,2999.00" in written
        assert StatementFile.objects.get().rows_done == 2002

    def test_keeps_a_task_until_it_is_done_and_gives_a_worker_one_at_a_time(self):
        assert current_app.conf.task_acks_late and app.conf.task_reject_on_worker_lost
        assert app.conf.worker_prefetch_multiplier == 1
        assert app.conf.task_serializer == "json" and app.conf.accept_content == ["json"]
        visible_seconds = app.conf.broker_transport_options["visibility_timeout"]
        assert app.conf.task_time_limit < visible_seconds
