"""How a person wants pages to look: theme, language, figures shown or hidden."""

from accounts.access.models import User


def choose_theme(user: User, *, theme: str) -> None:
    """This will keep the person's colours: auto, light or dark."""
    user.theme = User.Theme(theme)
    user.save(update_fields=["theme", "updated_at"])


def choose_language(user: User, *, language: str) -> None:
    """This will keep the person's language, for pages and for messages sent to them."""
    user.language = language
    user.save(update_fields=["language", "updated_at"])


def hide_balances(user: User, *, hides: bool) -> None:
    """This will put bullets in place of figures on every page of the person, or show them again."""
    user.hides_balances = hides
    user.save(update_fields=["hides_balances", "updated_at"])
