"""How the bank says no: expected, safe to show, with a stable code, a status and the figures."""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """The bank says no. Anything else that is raised is a bug and goes to the error tracker."""

    code = "refused"
    status = 400
    text = _("We could not do that.")
    example: dict = {}  # Details as a program may get them, for the description of the API.

    def __init__(self, **facts):
        self.facts = facts
        super().__init__(self.code)

    def __str__(self):
        return str(self.text).format(**self.facts)

    def envelope(self) -> dict:
        """This will give the mission's error body: status, stable code, words, figures."""
        return {
            "status_code": self.status,
            "error_code": self.code.upper(),
            "message": str(self),
            "details": details_of(self.facts),
        }


def details_of(facts: dict) -> dict:
    """
    This will give facts as programs read them: money as its decimal text, with one `currency`
    beside all amounts (mission 003:349-354), other facts as text.
    """
    details = {}
    for name, value in facts.items():
        if hasattr(value, "amount") and hasattr(value, "currency"):
            details[name] = str(value).rpartition(" ")[2].replace(",", "")
            details["currency"] = value.currency
        else:
            details[name] = str(value)
    return details
