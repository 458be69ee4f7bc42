"""Which provider carries a message, and what its answer means: sent, refused, busy, unknown."""

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core import mail

from accounts.notifications import twilio
from accounts.notifications.models import Message
from ledger.controls.models import BankFact

DEMO_INBOX = "demo"
SMTP_TIMEOUT_SECONDS = 10


class Result(StrEnum):
    """What became of one attempt; the first three are states of the message."""

    SENT = "SENT"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    BUSY = "BUSY"  # Surely not taken: the outbox may try again.
    NOBODY = "NOBODY"  # There is no provider yet: the outbox waits for one.


@dataclass(frozen=True)
class Outcome:
    """The answer of a provider to one message."""

    result: Result
    provider: str
    reference: str = ""
    error: str = ""


def is_demo() -> bool:
    """The bank was founded as a demo (a row that only the owner writes) and runs as one (28)."""
    return settings.WEKEZA_DEMO and BankFact.objects.filter(is_demo=True).exists()


def send(message: Message) -> Outcome:
    """
    This will hand one message to its provider: Twilio for texts, SMTP for e-mail; where none is
    configured, the demo bank's inbox takes it, and any other bank keeps it until one is.
    """
    if message.channel == Message.Channel.SMS and settings.TWILIO_ACCOUNT_SID:
        return _by_twilio(message)
    if message.channel == Message.Channel.EMAIL and settings.SMTP_SERVER:
        return _by_smtp(message)
    if is_demo():
        return Outcome(Result.SENT, DEMO_INBOX)
    return Outcome(Result.NOBODY, "none", error=f"no provider for {message.channel}")


def _by_twilio(message: Message) -> Outcome:
    client = twilio.Client(
        account_sid=settings.TWILIO_ACCOUNT_SID,
        auth_token=settings.TWILIO_AUTH_TOKEN,
        sender=settings.TWILIO_FROM,
        base_url=settings.TWILIO_BASE_URL,
    )
    answer = client.send(to=message.recipient, body=message.body)
    return Outcome(
        _meaning(answer), "twilio", reference=answer.sid, error=answer.error or _status(answer)
    )


def _meaning(answer: twilio.Answer) -> Result:
    if answer.status == 201:
        return Result.SENT
    if answer.status == 429 or answer.is_unsent:
        return Result.BUSY
    # No answer, or a server error after it took the request: a second send could text twice.
    if answer.status is None or answer.status >= 500:
        return Result.UNKNOWN
    return Result.FAILED


def _status(answer: twilio.Answer) -> str:
    return "" if answer.status == 201 else f"HTTP {answer.status}"


def _mail_server(address: str):
    """A connection to smtp://user:password@host:587?tls=1, or smtps://… for TLS from the start."""
    url = urlsplit(address)
    is_implicit = url.scheme == "smtps"
    return mail.get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=url.hostname,
        port=url.port or (465 if is_implicit else 25),
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_ssl=is_implicit,
        use_tls=not is_implicit and parse_qs(url.query).get("tls") == ["1"],
        timeout=SMTP_TIMEOUT_SECONDS,
    )


def _by_smtp(message: Message) -> Outcome:
    connection = _mail_server(settings.SMTP_SERVER)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Result.BUSY, "smtp", error=type(error).__name__)
    letter = mail.EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        # The same message keeps its id, so that a mail server can recognise a repeat.
        headers={"Message-ID": f"<{message.public_id}@wekeza.example>"},
        connection=connection,
    )
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        is_for_good = all(code >= 500 for code in codes)
        return Outcome(Result.FAILED if is_for_good else Result.BUSY, "smtp", error=str(codes))
    except smtplib.SMTPResponseException as error:
        is_for_good = error.smtp_code >= 500
        result = Result.FAILED if is_for_good else Result.BUSY
        return Outcome(result, "smtp", error=str(error.smtp_code))
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Result.UNKNOWN, "smtp", error=type(error).__name__)
    finally:
        # What happens while saying goodbye changes nothing about the letter.
        with suppress(OSError, smtplib.SMTPException):
            connection.close()
    return Outcome(Result.SENT, "smtp", reference=str(message.public_id))
