"""Why an instruction is not set up, in the customer's words."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NotAnAccountOfTheirs(Refusal):
    code = "not_an_account_of_theirs"
    status = 400
    text = _("Choose one of the accounts below: open, and of whoever owes the loan")
