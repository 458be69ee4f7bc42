from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.factories import UserFactory
from accounts.notifications import operations as notifications
from accounts.notifications import twilio as twilio_client
from accounts.notifications.models import DemoInboxItem, Message
from accounts.notifications.tests import simulators
from accounts.notifications.tests.simulators import ACCOUNT, SENDER, TOKEN
from ledger.controls import outbox
from ledger.controls.models import OutboxMessage

HANDLERS = {"message.queued": [notifications.deliver]}
State = Message.State


@pytest.fixture
def user(db):
    return UserFactory(phone="+254722000418", email="juma@example.com")


@pytest.fixture
def twilio(settings):
    with simulators.twilio() as told:
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, TOKEN
        settings.TWILIO_FROM, settings.TWILIO_BASE_URL = SENDER, told.url
        yield told


@pytest.fixture
def mail_server(settings):
    with simulators.mail_server() as told:
        settings.SMTP_SERVER = told.address
        yield told


def text(user, **facts):
    return notifications.queue(user=user, channel="SMS", kind="pin_changed", **facts)


def letter(user):
    facts = {"name": "Juma", "account": "0011000000015"}
    return notifications.queue(user=user, channel="EMAIL", kind="welcome", context=facts)


def sweep(at=None):
    return outbox.sweep(handlers=HANDLERS, at=at or later(seconds=1))


def later(**span):
    return datetime.now(UTC) + timedelta(**span)


class TestQueue:
    def test_keeps_address_and_words_encrypted(self, user):
        message = text(user)

        with connection.cursor() as cursor:
            cursor.execute("SELECT recipient, body FROM accounts_message")
            kept = str(cursor.fetchone())
        assert "254722000418" not in kept
        assert "PIN" not in kept
        assert Message.objects.get(pk=message.pk).body.startswith("Wekeza: your PIN was changed.")

    def test_puts_only_an_id_into_the_outbox(self, user):
        message = text(user)

        assert OutboxMessage.objects.get().payload == {"message": message.pk}

    def test_falls_with_the_deed_that_caused_it(self, user):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            text(user)
            raise ZeroDivisionError

        assert not Message.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_speaks_the_persons_language(self, user):
        user.language = "sw"
        message = text(user)

        assert message.language == "sw"
        assert message.body != text(user, language="en").body

    def test_takes_the_first_line_of_a_letter_as_its_subject(self, user):
        message = letter(user)

        assert message.subject == "Welcome to Wekeza"
        assert message.body.startswith("Welcome, Juma. Your account 001 10 0000001 5 is open.")

    def test_writes_names_as_they_are(self, user):
        facts = {"name": "N'gang'a & <b>", "account": "0011000000015"}
        message = notifications.queue(user=user, channel="SMS", kind="welcome", context=facts)

        assert "Welcome to Wekeza, N'gang'a & <b>." in message.body


class TestByTwilio:
    def test_sends_once_and_erases_the_words(self, user, twilio):
        message = text(user)
        assert sweep() == (1, 0)
        sweep()

        assert len(twilio.texts) == 1
        assert twilio.texts[0]["To"] == "+254722000418"
        assert twilio.texts[0]["From"] == SENDER
        assert twilio.texts[0]["Body"].startswith("Wekeza: your PIN was changed.")
        message.refresh_from_db()
        assert (message.state, message.provider, message.body) == (State.SENT, "twilio", "")
        assert message.provider_ref.startswith("SM")

    def test_gives_up_on_a_number_that_is_none(self, user, twilio):
        message, twilio.answers = text(user), 400
        assert sweep() == (1, 0)

        message.refresh_from_db()
        assert (message.state, message.body) == (State.FAILED, "")
        assert message.error.startswith("21211")
        assert twilio.texts == []

    def test_waits_when_it_is_asked_to_slow_down(self, user, twilio):
        message, twilio.answers = text(user), 429
        assert sweep() == (0, 1)
        message.refresh_from_db()
        assert message.state == State.QUEUED
        assert message.body

        twilio.answers = 201
        assert sweep(later(seconds=10)) == (1, 0)
        assert len(twilio.texts) == 1

    @pytest.mark.parametrize("answer", [500, 503, "cut", "garbage"])
    def test_does_not_text_twice_when_nobody_knows(self, user, twilio, answer):
        message, twilio.answers = text(user), answer
        sweep()
        twilio.answers = 201
        for hours in (1, 5, 24):
            sweep(later(hours=hours))

        message.refresh_from_db()
        assert message.state == State.UNKNOWN
        assert (twilio.asked, len(twilio.texts)) == (1, 1)

    def test_does_not_text_twice_after_a_silence(self, user, twilio, monkeypatch):
        monkeypatch.setattr(twilio_client, "TIMEOUT_SECONDS", 0.3)
        message, twilio.answers = text(user), "silence"
        twilio.silence_seconds = 1.0
        sweep()
        twilio.answers = 201
        sweep(later(hours=1))

        message.refresh_from_db()
        assert (message.state, twilio.asked) == (State.UNKNOWN, 1)

    def test_tries_again_when_nothing_was_reached(self, user, twilio, settings):
        there, settings.TWILIO_BASE_URL = twilio.url, "http://127.0.0.1:9"
        message = text(user)
        assert sweep() == (0, 1)
        settings.TWILIO_BASE_URL = there
        assert sweep(later(seconds=10)) == (1, 0)

        message.refresh_from_db()
        assert (message.state, len(twilio.texts)) == (State.SENT, 1)

    def test_gives_up_on_a_wrong_key(self, user, twilio, settings):
        settings.TWILIO_AUTH_TOKEN = "another"
        message = text(user)
        sweep()

        message.refresh_from_db()
        assert (message.state, twilio.texts) == (State.FAILED, [])

    def test_does_not_repeat_what_a_dead_sender_had_begun(self, user, twilio):
        message = text(user)
        notifications._claim(Message.objects.get(pk=message.pk), at=datetime.now(UTC))
        assert sweep() == (0, 1)

        assert sweep(later(minutes=4)) == (1, 0)

        message.refresh_from_db()
        assert (message.state, twilio.asked) == (State.UNKNOWN, 0)

    def test_uses_a_messaging_service_by_its_name(self, user, twilio, settings):
        settings.TWILIO_FROM = "MG" + "1" * 32
        text(user)
        sweep()

        assert twilio.texts[0]["MessagingServiceSid"] == settings.TWILIO_FROM
        assert "From" not in twilio.texts[0]


class TestByMail:
    def test_sends_once_and_erases_the_words(self, user, mail_server):
        message = letter(user)
        assert sweep() == (1, 0)
        sweep()

        assert len(mail_server.letters) == 1
        assert "Subject: Welcome to Wekeza" in mail_server.letters[0]
        assert "To: juma@example.com" in mail_server.letters[0]
        assert f"<{message.public_id}@wekeza.example>" in mail_server.letters[0]
        message.refresh_from_db()
        assert (message.state, message.subject, message.body) == (State.SENT, "", "")

    @pytest.mark.parametrize(
        ("says", "state", "told"),
        [
            ({"RCPT": "550 no such mailbox"}, State.FAILED, (1, 0)),
            ({"RCPT": "451 later"}, State.QUEUED, (0, 1)),
            ({"MAIL": "421 busy"}, State.QUEUED, (0, 1)),
            ({"END": "554 refused"}, State.FAILED, (1, 0)),
            ({"END": "cut"}, State.UNKNOWN, (1, 0)),
        ],
    )
    def test_takes_the_servers_word(self, user, mail_server, says, state, told):
        message, mail_server.says = letter(user), says

        assert sweep() == told
        message.refresh_from_db()
        assert message.state == state

    def test_waits_for_a_server_that_is_away(self, user, settings):
        settings.SMTP_SERVER = "smtp://127.0.0.1:9"
        message = letter(user)

        assert sweep() == (0, 1)
        message.refresh_from_db()
        assert message.state == State.QUEUED


class TestWithoutProvider:
    def test_a_demo_bank_puts_it_into_its_inbox(self, user, demo_bank):
        message = text(user)
        assert sweep() == (1, 0)

        item = DemoInboxItem.objects.get()
        assert (item.recipient, item.message) == ("+254722000418", message)
        assert item.body.startswith("Wekeza: your PIN was changed.")
        message.refresh_from_db()
        assert (message.state, message.provider, message.body) == (State.SENT, "demo", "")

    def test_any_other_bank_keeps_it(self, user):
        message = text(user)

        assert sweep() == (0, 1)
        message.refresh_from_db()
        assert message.state == State.QUEUED
        assert not DemoInboxItem.objects.exists()

    def test_any_other_bank_keeps_it_until_there_is_one(self, user, request):
        message, due = text(user), later(seconds=1)
        for _ in range(outbox.MOST_TRIES * 2):
            assert sweep(due) == (0, 1)
            due += outbox.BACK_OFF[-1]

        twilio = request.getfixturevalue("twilio")
        assert sweep(due) == (1, 0)

        message.refresh_from_db()
        assert (message.state, len(twilio.texts)) == (State.SENT, 1)

    def test_a_demo_database_alone_is_no_demo(self, user, demo_bank, settings):
        settings.WEKEZA_DEMO = False
        text(user)

        assert sweep() == (0, 1)
        assert not DemoInboxItem.objects.exists()
