"""Two-step login for programs: /api/v1/2fa/totp/… (003:44, 155)."""

from django.utils import timezone
from rest_framework import serializers

from accounts.access import two_steps
from accounts.access.refusals import (
    AppAlreadyOn,
    CodeExpired,
    CodeLocked,
    CodeReplaced,
    CodeUsed,
    NoAuthenticator,
    NoPin,
    StepGone,
    WrongCode,
    WrongPin,
    WrongStepCode,
)
from accounts.access.step_up import NothingToProveWith
from accounts.access.two_steps import Waiting
from wekeza.kit.api import PERSONS, Door, Fields, Secret, Text, operation

TAG = "Two-step login"
NOT_PROVED = [
    WrongPin,
    NoPin,
    WrongCode,
    CodeExpired,
    CodeReplaced,
    CodeUsed,
    CodeLocked,
    NothingToProveWith,
]


class Proof(Fields):
    """First the PIN alone; then, when its code came, both."""

    pin = Secret(max_length=4, required=False, default="", help_text="The transaction PIN.")
    code = Secret(
        max_length=12, required=False, default="", help_text="The code; leave it out to get one."
    )


class FirstCode(Fields):
    """The app's first code."""

    setup_token = Secret(max_length=1000)
    code = Text(max_length=12)


class Status(Fields):
    """How the login stands with its second step."""

    enabled = serializers.BooleanField(source="is_enabled")
    recovery_codes_left = serializers.IntegerField()


class CodeWanted(Fields):
    """The PIN was right. Send it again with the code."""

    next = serializers.CharField()
    way = serializers.CharField(help_text="TEXT, or APP for the authenticator app.")


class SetUp(Fields):
    """What the authenticator app has to know. Show it once, keep it nowhere."""

    setup_token = serializers.CharField()
    secret = serializers.CharField()
    otpauth_url = serializers.CharField()


class RecoveryCodes(Fields):
    """Each signs in once, when the phone is lost. They are not shown again."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class SeeStatus(Door):
    """GET /api/v1/2fa/totp/status."""

    tag = TAG

    @operation(gives={200: Status}, kinds=PERSONS, summary="See whether two steps are on")
    def get(self, request):
        return two_steps.status_of(request.user)


class Setup(Door):
    """POST /api/v1/2fa/totp/setup."""

    tag = TAG

    @operation(
        takes=Proof,
        gives={200: SetUp, 202: CodeWanted},
        refuses=[AppAlreadyOn, *NOT_PROVED],
        kinds=PERSONS,
        quota="sign_in",
        summary="Begin to turn two steps on",
        about="Send the PIN: a code is texted (202). Send both: the secret for the app (200).",
    )
    def post(self, request):
        return _proved(two_steps.set_up, request)


class Confirm(Door):
    """POST /api/v1/2fa/totp/confirm."""

    tag = TAG

    @operation(
        takes=FirstCode,
        gives={200: RecoveryCodes},
        refuses=[WrongStepCode, StepGone],
        kinds=PERSONS,
        quota="sign_in",
        summary="Turn two steps on",
        about="Within five minutes of the set-up, with the first code of the app.",
    )
    def post(self, request):
        facts = request.facts
        codes = two_steps.confirm(
            request._request,
            request.user,
            token=facts["setup_token"],
            code=facts["code"],
            at=timezone.now(),
        )
        return {"recovery_codes": codes}


class Disable(Door):
    """POST /api/v1/2fa/totp/disable."""

    tag = TAG

    @operation(
        takes=Proof,
        gives={204: None, 202: CodeWanted},
        refuses=[NoAuthenticator, *NOT_PROVED],
        kinds=PERSONS,
        quota="sign_in",
        summary="Turn two steps off",
        about="With the PIN and the app’s code. Large payments then wait for a day.",
    )
    def post(self, request):
        return _proved(two_steps.turn_off, request)


class Renew(Door):
    """POST /api/v1/2fa/totp/recovery-codes."""

    tag = TAG

    @operation(
        takes=Proof,
        gives={200: RecoveryCodes, 202: CodeWanted},
        refuses=[NoAuthenticator, *NOT_PROVED],
        kinds=PERSONS,
        quota="sign_in",
        summary="Make new recovery codes",
        about="With the PIN and the app’s code. The old ones stop working.",
    )
    def post(self, request):
        done = _proved(two_steps.renew_codes, request)
        return {"recovery_codes": done} if isinstance(done, list) else done


def _proved(deed, request):
    facts = request.facts
    done = deed(
        request._request,
        request.user,
        pin=facts["pin"],
        code=facts["code"],
        at=timezone.now(),
        actor=request.auth.actor,
    )
    return (202, done) if isinstance(done, Waiting) else done
