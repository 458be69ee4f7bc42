"""What screening does by the clock."""

from celery import shared_task

from accounts.screening import rescreening


@shared_task(name="screening.go_on")
def go_on(**_):
    """Hand out again what lost workers left of new lists; what is done is not done again."""
    rescreening.go_on()
