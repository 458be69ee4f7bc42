import logging

from celery import shared_task

log = logging.getLogger(__name__)


@shared_task(name="runtime.say")
def say(*, words: str, **_):
    """Write some words to the worker's log: the way from a door to a worker is open."""
    log.info("the queue brought: %s", words)
