"""What pages may ask about messages."""

from django.utils.functional import SimpleLazyObject

from accounts.notifications import providers


def demo_bank(request):
    """This will say, if a page asks, whether this is a demo bank with an inbox of its own."""
    return {"is_demo_bank": SimpleLazyObject(providers.is_demo)}
