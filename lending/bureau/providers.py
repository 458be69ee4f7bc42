"""Which bureau is asked; the bank's settings say where it is."""

from django.conf import settings

from lending.bureau.client import Client


def bureau() -> Client | None:
    """This will give the bureau that the bank subscribes to, if there is one."""
    if not settings.METROPOL_URL:
        return None
    return Client(
        settings.METROPOL_URL, settings.METROPOL_PUBLIC_KEY, settings.METROPOL_PRIVATE_KEY
    )
