"""The task queue. Tasks are found in each floor's tasks.py; times stand in wekeza/schedule.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")

app = Celery("wekeza")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
