"""What `{% field %}` draws: the kind of a form field, its words, and the attributes of its box."""

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html

AUTOCOMPLETE = {
    "phone": "tel",
    "email": "email",
    "login": "username",
    "password": "current-password",
    "oldpassword": "current-password",
    "password1": "new-password",
    "password2": "new-password",
    "code": "one-time-code",
    "otp": "one-time-code",
    "full_name": "name",
    "date_of_birth": "bday",
    "address": "street-address",
}
INPUTMODE = {"amount": "decimal", "code": "numeric", "pin": "numeric", "digits": "numeric"}
BOX_LOOKS = {
    "code": "wk-input wk-code",
    "pin": "wk-input wk-code wk-code--pin",
    "file": "wk-file",
}
KINDS_BY_WIDGET = (
    (forms.CheckboxSelectMultiple, "checks"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "check"),
    (forms.Textarea, "textarea"),
    (forms.SelectMultiple, "select"),
    (forms.Select, "select"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "date"),
)


def field_parts(
    bound, *, kind, label, hint, prefix, autocomplete, inputmode, is_question=False
) -> dict:
    """This will give the template everything it draws of one bound field."""
    widget = bound.field.widget
    if isinstance(widget, forms.NumberInput) and not isinstance(widget, forms.HiddenInput):
        raise ImproperlyConfigured(
            f"{bound.name}: a number box changes with the scroll wheel; use TextInput (ux.md row 7)"
        )
    kind = kind or _kind_of(widget)
    hint = hint or bound.help_text
    described = [f"{bound.auto_id}_hint"] if hint else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    parts = {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "hint": hint,
        "prefix": prefix,
        "problems": bound.errors,
        "described": " ".join(described),
        "is_optional": not (bound.field.required or is_question or kind in {"check", "checks"}),
    }
    attrs = _box_attrs(bound, kind, autocomplete, inputmode, parts["described"])
    if kind == "date":
        parts["boxes"] = _date_boxes(bound)
    elif kind in {"radios", "checks"}:
        parts["options"] = list(bound.subwidgets)
    else:
        parts["box"] = _box(bound, attrs)
    return parts


def _kind_of(widget) -> str:
    if "data-money" in widget.attrs:
        return "amount"
    return next((kind for known, kind in KINDS_BY_WIDGET if isinstance(widget, known)), "text")


def _box_attrs(bound, kind, autocomplete, inputmode, described) -> dict:
    own = bound.field.widget.attrs
    attrs = {"class": BOX_LOOKS.get(kind, "wk-check__box" if kind == "check" else "wk-input")}
    if described:
        attrs["aria-describedby"] = described
    if kind not in {"check", "select", "file"}:
        used_as = "tel" if kind == "phone" else AUTOCOMPLETE.get(bound.name, "")
        used_as = "off" if kind in {"amount", "pin"} else used_as
        if chosen := autocomplete or own.get("autocomplete") or used_as:
            attrs["autocomplete"] = chosen
    if mode := inputmode or own.get("inputmode") or INPUTMODE.get(kind, ""):
        attrs["inputmode"] = mode
    if kind == "phone":
        attrs["inputmode"] = "tel"
    if kind == "amount":
        attrs["data-money"] = True
    if kind == "file" and not bound.errors:
        attrs["hx-preserve"] = "true"  # What was chosen stays while another field is mended.
    if kind in {"text", "phone"} and bound.name in {"email", "login", "phone"}:
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    return attrs


def _box(bound, attrs) -> str:
    # A placeholder is no label: it vanishes while one types (ux.md 3.3), so libraries' are dropped.
    kept = bound.field.widget.attrs
    if "placeholder" in kept:
        bound.field.widget.attrs = {
            name: value for name, value in kept.items() if name != "placeholder"
        }
    return bound.as_widget(attrs=attrs)


def _date_boxes(bound) -> list[dict]:
    values = bound.value()
    if not isinstance(values, list):
        values = bound.field.widget.decompress(values)
    purposes = ("bday-day", "bday-month", "bday-year")
    is_birthday = AUTOCOMPLETE.get(bound.name) == "bday"
    return [
        {
            "id": f"{bound.auto_id}_{place}",
            "name": f"{bound.html_name}_{place}",
            "value": format_html("{}", "" if value is None else value),
            "length": 4 if place == 2 else 2,
            "autocomplete": purposes[place] if is_birthday else "off",
        }
        for place, value in enumerate(values)
    ]
