"""Index of the branch floor's tasks. Celery finds them here; people find them in their rooms."""

from branch.close_of_business.tasks import go_on

__all__ = ["go_on"]
