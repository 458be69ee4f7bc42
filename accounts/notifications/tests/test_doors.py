from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.factories import UserFactory
from accounts.notifications import operations as notifications
from accounts.notifications.models import DemoInboxItem, Message
from ledger.controls import outbox

pytestmark = pytest.mark.django_db
HANDLERS = {"message.queued": [notifications.deliver]}


def arrive(user, kind="pin_changed"):
    notifications.queue(user=user, channel="SMS", kind=kind)
    outbox.sweep(handlers=HANDLERS, at=datetime.now(UTC) + timedelta(seconds=1))


def messages(many):
    user = UserFactory()
    return Message.objects.bulk_create(
        Message(user=user, channel="SMS", kind="welcome", recipient=user.phone) for _ in range(many)
    )


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

    def test_keeps_a_code_in_sight_above_what_came_after_it(self, client, demo_bank):
        words = [
            "123456 is your Wekeza code.",
            *["Wekeza: you sent KES 1,020.00. MV-13VXE65."] * 51,
        ]
        DemoInboxItem.objects.bulk_create(
            DemoInboxItem(message=message, channel="SMS", recipient=message.recipient, body=body)
            for message, body in zip(messages(52), words, strict=True)
        )

        shown = client.get("/demo/inbox/").context["items"]
        later = datetime.now(UTC) + timedelta(minutes=11)
        with time_machine.travel(later, tick=False):
            shown_later = client.get("/demo/inbox/").context["items"]

        assert (shown[0].code, len(shown)) == ("123456", 50)
        assert "123456" not in [item.code for item in shown_later]

    def test_says_of_a_search_that_it_found_nothing_and_looks_again(self, client, demo_bank):
        said = client.get("/demo/inbox/", {"search": "0711 & 1"}).content.decode()

        assert "Nothing has arrived for “0711 &amp; 1”" in said
        assert 'hx-get="/demo/inbox/?search=0711%20%26%201"' in said

    def test_asks_for_news_by_itself_without_keeping_anybody_signed_in(self, client, demo_bank):
        said = client.get("/demo/inbox/").content.decode()

        assert 'hx-trigger="every 3s"' in said
        assert "X-Poll" in said

    def test_is_no_page_of_a_real_bank(self, client):
        assert client.get("/demo/inbox/").status_code == 404

    def test_is_no_page_when_the_process_is_no_demo(self, client, demo_bank, settings):
        settings.WEKEZA_DEMO = False

        assert client.get("/demo/inbox/").status_code == 404
