"""Registering for programs: phone and e-mail are confirmed by codes, then the login stands."""

from django.utils import timezone
from rest_framework import serializers

from accounts.access import registering
from accounts.access.api import TAG, TokenPair
from accounts.access.refusals import StepGone, WrongStepCode
from wekeza.kit.api import Door, Fields, Secret, Text, operation


class NewLogin(Fields):
    """How to reach the person, and a password."""

    phone = Text(max_length=20, help_text="A Kenyan mobile number, like 0722 000 418.")
    email = Text(max_length=254)
    password = Secret(help_text="12 or more characters. A short sentence is good.")


class Going(Fields):
    """A registration on its way."""

    registration_token = serializers.CharField(help_text="Send it with the code.")
    next = serializers.CharField(help_text="Whose code comes next: phone or email.")


class StepCode(Fields):
    """The code of one step."""

    registration_token = Secret(max_length=1000)
    code = Text(max_length=12)


class StepAgain(Fields):
    """The step whose code did not come."""

    registration_token = Secret(max_length=1000)
    step = serializers.ChoiceField(registering.Step.choices)


class Register(Door):
    """POST /api/v1/auth/register (003:276)."""

    is_open = True
    tag = TAG

    @operation(
        takes=NewLogin,
        gives={202: Going},
        quota="sign_in",
        summary="Register",
        about=(
            "Texts a code to the phone; a second one goes to the e-mail address. The answer is the "
            "same whoever has that phone or address already. Afterwards open the account with "
            "`POST /api/v1/customer/add`."
        ),
        example={
            "phone": "0722 000 418",
            "email": "amina@example.com",
            "password": "a quiet river at noon",
        },
    )
    def post(self, request):
        return registering.begin(request._request, **request.facts, at=timezone.now())


class ConfirmPhone(Door):
    """POST /api/v1/auth/register/phone."""

    is_open = True
    tag = TAG

    @operation(
        takes=StepCode,
        gives={200: Going},
        refuses=[WrongStepCode, StepGone],
        quota="sign_in",
        summary="Confirm the phone",
        about="Takes the texted code, and mails the next one.",
    )
    def post(self, request):
        return _confirmed(request, registering.Step.PHONE)


class ConfirmEmail(Door):
    """POST /api/v1/auth/register/email."""

    is_open = True
    tag = TAG

    @operation(
        takes=StepCode,
        gives={201: TokenPair},
        refuses=[WrongStepCode, StepGone],
        quota="sign_in",
        summary="Confirm the e-mail address",
        about="Takes the mailed code. The login stands now, and these are its tokens.",
    )
    def post(self, request):
        return _confirmed(request, registering.Step.EMAIL)


class Resend(Door):
    """POST /api/v1/auth/register/resend."""

    is_open = True
    tag = TAG

    @operation(
        takes=StepAgain,
        gives={200: Going},
        refuses=[StepGone],
        quota="sign_in",
        summary="Send a code of the registration again",
    )
    def post(self, request):
        facts = request.facts
        return registering.resend(
            request._request,
            token=facts["registration_token"],
            step=facts["step"],
            at=timezone.now(),
        )


def _confirmed(request, step):
    facts = request.facts
    return registering.confirm(
        request._request,
        token=facts["registration_token"],
        step=step,
        code=facts["code"],
        at=timezone.now(),
    )
