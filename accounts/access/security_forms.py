"""The switches and filters of the pages under Settings, Security."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access.models import LoginEvent, User
from accounts.access.password_models import SecurityAnswer

NONE = "NONE"  # A choice that was made, unlike an empty one.


class LoginCode(forms.Form):
    """Where the code for logging in is sent, or that none is."""

    channel = forms.ChoiceField(
        label=_("Code at login"),
        choices=[(value or NONE, label) for value, label in User.LoginCode.choices],
        widget=forms.RadioSelect,
    )

    def clean_channel(self):
        """This will give the channel as the login keeps it; none is empty there."""
        return self.cleaned_data["channel"].replace(NONE, User.LoginCode.NONE)


class LoginHistory(forms.Form):
    """Which attempts to sign in are shown."""

    result = forms.ChoiceField(
        label=_("What"), choices=[("", _("All")), *LoginEvent.Result.choices], required=False
    )
    device = forms.CharField(label=_("Device"), max_length=40, required=False)


class SecurityQuestions(forms.Form):
    """Two questions that a reset of the password will ask."""

    question_1 = forms.ChoiceField(
        label=_("First question"), choices=SecurityAnswer.Question.choices
    )
    answer_1 = forms.CharField(label=_("Answer"), max_length=100)
    question_2 = forms.ChoiceField(
        label=_("Second question"), choices=SecurityAnswer.Question.choices
    )
    answer_2 = forms.CharField(label=_("Answer"), max_length=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("answer_1", "answer_2"):
            self.fields[name] = answer_box(self.fields[name].label)

    @property
    def answers(self) -> dict[str, str]:
        """The answer to each question, by its code."""
        typed = self.cleaned_data
        return {typed[f"question_{turn}"]: typed[f"answer_{turn}"] for turn in (1, 2)}


def answer_box(question) -> forms.CharField:
    """This will make the box of an answer to a security question."""
    return forms.CharField(
        label=question,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type your answer")},
    )
