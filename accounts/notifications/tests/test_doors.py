from datetime import UTC, datetime, timedelta

import pytest

from accounts.factories import UserFactory
from accounts.notifications import operations as notifications
from ledger.controls import outbox

pytestmark = pytest.mark.django_db
HANDLERS = {"message.queued": [notifications.deliver]}


def arrive(user, kind="pin_changed"):
    notifications.queue(user=user, channel="SMS", kind=kind)
    outbox.sweep(handlers=HANDLERS, at=datetime.now(UTC) + timedelta(seconds=1))


class TestDemoInbox:
    def test_shows_what_arrived_newest_first(self, client, demo_bank):
        arrive(UserFactory(phone="+254722000418"))
        arrive(UserFactory(phone="+254733000418"), kind="phone_changed")

        page = client.get("/demo/inbox/")
        said = page.content.decode()

        assert said.index("0733 000 418") < said.index("0722 000 418")
        assert "Wekeza: your PIN was changed." in said
        assert page["Cache-Control"] == "no-store"

    def test_finds_one_phone(self, client, demo_bank):
        arrive(UserFactory(phone="+254722000418"))
        arrive(UserFactory(phone="+254733000418"))

        for search in ("0733 000 418", "254733000418", "+254733000418"):
            items = client.get("/demo/inbox/", {"search": search}).context["items"]
            assert [item.recipient for item in items] == ["+254733000418"]

    def test_asks_for_news_by_itself_without_keeping_anybody_signed_in(self, client, demo_bank):
        said = client.get("/demo/inbox/").content.decode()

        assert 'hx-trigger="every 3s"' in said
        assert "X-Poll" in said

    def test_is_no_page_of_a_real_bank(self, client):
        assert client.get("/demo/inbox/").status_code == 404

    def test_is_no_page_when_the_process_is_no_demo(self, client, demo_bank, settings):
        settings.WEKEZA_DEMO = False

        assert client.get("/demo/inbox/").status_code == 404
