from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    """No tables: the refusals of a production bank, and the commands that run the bank."""

    name = "wekeza.runtime"
    label = "runtime"

    def ready(self):
        from wekeza import celery  # noqa: F401  So that tasks asked for by a page find the queue.
        from wekeza.runtime import refusals  # noqa: F401  Registers the checks.
