"""Form fields that pages share: a date in three boxes, never a calendar that must be paged."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class DateBoxes(forms.MultiWidget):
    """Day, month and year as three short boxes of digits."""

    use_fieldset = True

    def __init__(self, attrs=None):
        super().__init__([forms.TextInput(), forms.TextInput(), forms.TextInput()], attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else [None, None, None]


class DateBoxesField(forms.MultiValueField):
    """A date typed as day, month and year; cleaned to a `datetime.date`."""

    widget = DateBoxes
    default_error_messages = {
        "required": _("Enter the date, like 27 3 1994"),
        "invalid": _("Enter the date in figures, like 27 3 1994"),
        "impossible": _("There is no such day. Check the day and the month"),
    }

    def __init__(self, **options):
        boxes = [forms.CharField(), forms.CharField(), forms.CharField()]
        super().__init__(fields=boxes, require_all_fields=True, **options)

    def compress(self, data_list):
        if not data_list:
            return None
        if not all(typed.isascii() and typed.isdigit() and len(typed) <= 4 for typed in data_list):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day, month, year = map(int, data_list)
        try:
            return date(year, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from None
