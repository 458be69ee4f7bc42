"""Whether a demo bank is still living its year."""

from django.conf import settings

from branch.demo_year.models import DemoYear


def year_in_the_making() -> DemoYear | None:
    """This will give the year that a demo bank is living; None when it has none, or lived it."""
    if not settings.WEKEZA_DEMO:
        return None
    return DemoYear.objects.filter(finished_at=None).first()
