"""The task queue. Tasks are found in each floor's tasks.py; times stand in wekeza/schedule.py."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")

app = Celery("wekeza")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()  # Of the floors,
app.autodiscover_tasks(["wekeza"])  # and of the roof.


@worker_init.connect
@beat_init.connect
def refuse_to_start(**_):
    """A production bank's worker stands on no default either (reliability rule 39)."""
    from django.core.exceptions import ImproperlyConfigured

    from wekeza.runtime import refusals

    try:
        refusals.refuse_to_start()
    except ImproperlyConfigured as reason:
        # Celery writes an error of a signal's receiver down, and goes on.
        raise SystemExit(str(reason)) from None
