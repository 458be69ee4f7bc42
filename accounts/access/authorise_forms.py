"""The box for the secret that authorises what stands above it, and what is wrong with a secret."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import authorising
from accounts.access.authorising import Intent, Signed, Way
from accounts.access.forms import CodeForm
from accounts.access.pin_forms import style_pin
from accounts.access.refusals import (
    CodeExpired,
    CodeForOtherIntent,
    CodeReplaced,
    CodeUsed,
    NoAuthenticator,
    NoPin,
    WrongCode,
    WrongPin,
)
from wekeza.kit.errors import Refusal
from wekeza.kit.words import masked_phone

# The refusals that a page shows at the box; the others concern the whole form.
ABOUT_THE_CODE = (
    WrongPin,
    WrongCode,
    CodeUsed,
    CodeExpired,
    CodeReplaced,
    CodeForOtherIntent,
    NoPin,
    NoAuthenticator,
)


class Authorise(CodeForm):
    """
    The secret that authorises what stands above it: the PIN or a six-digit code, or what a passkey
    signed at this `host`. `is_texted` says that a code went to `texted_to` already.
    """

    code = forms.CharField(max_length=12)
    credential = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        way: str,
        host: str,
        texted_to: str = "",
        text_says: str = "",
        is_texted: bool = False,
        **options,
    ):
        super().__init__(*args, **options)
        self.way, self.host = way, host
        code = self.fields["code"]
        code.required = not self.data.get("credential")
        if way == Way.PIN:
            style_pin(code)
            code.label = _("Enter your PIN")
            code.help_text = _("4 digits. Nobody at the bank ever asks for it")
            return
        code.label = _("Enter the 6-digit code")
        code.error_messages["required"] = _("Enter the code, 6 digits")
        code.widget.attrs = {"inputmode": "numeric", "autocomplete": "one-time-code"}
        code.help_text = _("Open your authenticator app and type the code that it shows for Wekeza")
        if way == Way.CODE and not is_texted:
            code.help_text = _("Press “Send me the code”. We text it to {phone}.").format(
                phone=texted_to.replace(" ", "\u00a0")
            )
        elif way == Way.CODE:
            code.help_text = _(
                "We sent it to {phone}. The message must say “{words}”. "
                "If it says anything else, do not enter it."
            ).format(phone=texted_to.replace(" ", "\u00a0"), words=text_says)

    def clean(self):
        facts = super().clean()
        signed = facts.get("credential")
        facts["secret"] = Signed(signed, self.host) if signed else facts.get("code", "")
        return facts


def form_for(kind: type[Authorise], intent: Intent, *, request, typed=None, **options) -> Authorise:
    """
    This will make the form by which the person of an intent authorises it: `Authorise`, or one of
    its kind with its own options. `typed` is what was sent.
    """
    return kind(
        typed, way=authorising.way_of(intent), host=request.get_host(),
        texted_to=masked_phone(intent.user.phone), **options,
    )  # fmt: skip


def tell(form: forms.Form, refusal: Refusal) -> None:
    """This will say a refusal where it belongs: at the box of the secret, or above the form."""
    form.add_error("code" if isinstance(refusal, ABOUT_THE_CODE) else None, str(refusal))
