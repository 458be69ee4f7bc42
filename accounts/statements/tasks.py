"""Statements with many rows are made by the worker; files go when their days are over."""

from celery import shared_task
from django.utils import timezone

from accounts.statements import operations as statements
from accounts.statements.models import StatementFile


def make_asked(*, file: int, **_):
    """Hand a file that was asked for to the worker."""
    make_file.delay(file=file)


@shared_task(name="statements.make_file", acks_late=True)
def make_file(*, file: int, **_):
    """Make a file; done twice it stays the first one. Whoever waits is told if it fails."""
    asked = StatementFile.objects.select_related("account__product").get(pk=file)
    try:
        statements.make(asked, at=timezone.now())
    except Exception:
        statements.fail(asked, at=timezone.now())
        raise


@shared_task(name="statements.dispose")
def dispose(**_):
    """Take files away whose days are over; a second run finds none."""
    statements.dispose_due(at=timezone.now())
