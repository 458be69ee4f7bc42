"""Forms with the transaction PIN: proving it, changing it, choosing another."""

from django import forms
from django.utils.translation import gettext_lazy as _


def style_pin(field: forms.Field) -> None:
    """This will make a field a box for a PIN: hidden, four digits, nothing remembered."""
    field.widget = forms.PasswordInput(
        attrs={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"}
    )
    field.error_messages["required"] = _("Enter the PIN, 4 digits")
    field.widget.is_required = field.required


class ConfirmByPin(forms.Form):
    """The PIN, before a change of what protects the money; nothing where there is no PIN yet."""

    pin = forms.CharField(
        label=_("Enter your PIN"), help_text=_("4 digits. Nobody at the bank ever asks for it")
    )

    def __init__(self, *args, has_pin: bool, **options):
        super().__init__(*args, **options)
        style_pin(self.fields["pin"])
        if not has_pin:
            del self.fields["pin"]


class ConfirmByPassword(forms.Form):
    """The ID number and the password, of whoever forgot the PIN."""

    national_id = forms.CharField(
        label=_("ID number"),
        max_length=12,
        error_messages={"required": _("Enter the number of your national ID")},
    )

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password")},
    )

    def clean_national_id(self):
        """This will give the number without spaces."""
        return "".join(self.cleaned_data["national_id"].split())


class PinTwice(forms.Form):
    """Boxes for PINs, the one that is chosen (`chosen`) with another of it beside."""

    chosen = "pin"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            style_pin(field)

    def clean(self):
        facts, beside = super().clean(), f"{self.chosen}_again"
        pin, again = facts.get(self.chosen), facts.get(beside)
        if pin and again and pin != again:
            self.add_error(beside, _("The two PINs are not the same. Type them again"))
        return facts


class NewPin(PinTwice):
    """A new transaction PIN, twice."""

    chosen = "new_pin"
    new_pin = forms.CharField(
        label=_("New PIN"), help_text=_("4 digits. Not your year of birth, not 1234")
    )
    new_pin_again = forms.CharField(label=_("New PIN again"))


class ChangePin(NewPin):
    """The present transaction PIN and a new one."""

    old_pin = forms.CharField(label=_("Present PIN"))
    field_order = ("old_pin", "new_pin", "new_pin_again")
