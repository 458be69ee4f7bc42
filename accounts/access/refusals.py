"""What access refuses: wrong, expired, foreign and worn-out codes and PINs (ux.md 4.4)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wekeza.kit import words
from wekeza.kit.errors import Refusal
from wekeza.kit.words import clock


class _Wrong(Refusal):
    """Not right; says how many tries are left. Facts: left."""

    status = 400

    def tail(self) -> str:
        left = self.facts["left"]
        return ngettext("{left} try left", "{left} tries left", left).format(left=left)


class WrongCode(_Wrong):
    """The code is not the one that was sent. Nothing was done. Facts: left."""

    code = "wrong_code"
    text = _("That code is not right.")

    def __str__(self):
        return f"{self.text} {self.tail()}"


class WrongPin(_Wrong):
    """The PIN is not this customer's. Nothing was done. Facts: left."""

    code = "wrong_pin"
    text = _("That PIN is not right.")

    def __str__(self):
        return f"{self.text} {self.tail()}"


class CodeExpired(Refusal):
    """The code's five minutes are over. Whoever shows this sends a new one first (ux.md 4.4)."""

    code = "code_expired"
    status = 400
    text = _("That code has expired. Nothing was sent. We have sent a new one")


class CodeForOtherIntent(Refusal):
    """Amount or payee changed after the code was sent, or it was sent for another deed."""

    code = "code_for_other_intent"
    status = 409
    text = _("That code was for something else. Nothing was sent. Check the details and try again.")


class CodeReplaced(Refusal):
    """A newer code was sent, or this one did its deed already."""

    code = "code_replaced"
    status = 409
    text = _("That code is no longer in use. Nothing was sent. Use the newest one.")


class CodeUsed(Refusal):
    """A code of the authenticator app that did its deed already."""

    code = "code_used"
    status = 409
    text = _("That code was used already. Wait for the next one.")


class CodeLocked(Refusal):
    """Too many wrong tries. Facts: until (clock in Nairobi), until_at (ISO date and time)."""

    code = "code_locked"
    status = 423
    text = _("Too many wrong codes. Sending is off until {until}. Nothing was sent.")

    @classmethod
    def over(cls, until: datetime) -> "CodeLocked":
        """This will make the refusal for a lock that ends at `until`."""
        return cls(until=clock(until), until_at=until.isoformat())


class PinLocked(CodeLocked):
    """The same of a PIN; what locked it may have been codes, for one lock is on both."""

    text = _("Too many wrong tries. Sending is off until {until}. Nothing was sent.")


class CodeTooSoon(Refusal):
    """Another code was asked for before 60 seconds were over. Facts: seconds."""

    code = "code_too_soon"
    status = 429
    text = _("We sent a code just now. You can ask for another in {seconds} seconds.")


class NoPin(Refusal):
    """This login has not chosen a transaction PIN."""

    code = "no_pin"
    status = 409
    text = _("You have no transaction PIN yet. Choose one in Settings, Security.")


class NoAuthenticator(Refusal):
    """This login has no authenticator app."""

    code = "no_authenticator"
    status = 409
    text = _("You have no authenticator app yet. Set one up in Settings, Security.")


class WeakPin(Refusal):
    """The PIN is one that others guess first. Facts: reason."""

    code = "weak_pin"
    status = 422
    text = _("Choose a PIN that is harder to guess. {reason}")


class BadPin(WeakPin):
    """What was chosen is not four digits."""

    code = "bad_pin"
    text = _("A PIN is 4 digits, 0 to 9")


class BadToken(Refusal):
    """We did not sign this token, or not for this door."""

    code = "invalid_token"
    status = 401
    text = _("This token is not good here. Sign in again")


class TokenExpired(Refusal):
    """The token's time is over."""

    code = "token_expired"
    status = 401
    text = _("This token has expired. Use your refresh token, or sign in again")


class TokenRevoked(Refusal):
    """Signed out, another password, or a login that is shut."""

    code = "token_revoked"
    status = 401
    text = _("This sign-in has ended. Sign in again")


class TokenReused(Refusal):
    """A refresh token came a second time; its whole family has ended."""

    code = "token_reused"
    status = 401
    text = _("This token was used before, so we ended the whole sign-in. Sign in again")


class WrongPassword(Refusal):
    """No such login, a wrong password or a login that is shut: nobody learns which."""

    code = "wrong_credentials"
    status = 401
    text = _(
        "That e-mail or phone and password do not match, or the account is not active. "
        "Check them, or reset your password"
    )


class TooManyTries(Refusal):
    """Facts: retry_after, in seconds."""

    code = "too_many_tries"
    status = 429
    text = _("Too many tries. Wait 15 minutes, then try again")


class PinWaits(Refusal):
    """
    The password, a way to reach the login or the browser is younger than a day: whoever got hold of
    a phone or a password begins there. Facts: from_when (Nairobi), from_at (ISO date and time).
    """

    code = "pin_waits"
    status = 409
    text = _(
        "Your password, PIN, phone, e-mail, two-step login or device changed less than 24 hours "
        "ago. You can choose a new PIN from {from_when}. Call us if it was not you"
    )

    @classmethod
    def until(cls, moment: datetime) -> "PinWaits":
        """This will make the refusal for a wait that ends at a moment."""
        return cls(from_when=words.moment(moment), from_at=moment.isoformat())


class PinTooNew(PinWaits):
    """A PIN in the place of a forgotten one proves nothing but small payments for a day."""

    code = "pin_too_new"
    text = _(
        "Your PIN is new, because the old one was forgotten. For 24 hours it sends small payments "
        "only. You can go on from {from_when}. Call us if it was not you"
    )


class NotTheHolder(Refusal):
    """The password or the ID number, asked for once more, is another's; not said which."""

    code = "not_the_holder"
    status = 422
    text = _("The password or the ID number is not right. Check both and try again")


class MfaRequired(Refusal):
    """The password was right; this login has a second factor too."""

    code = "mfa_required"
    status = 401
    text = _("Send the code of your authenticator app too, as “otp”")


class CodeSent(Refusal):
    """The password was right; this login asks for a code by text or e-mail, which is on its way."""

    code = "code_sent"
    status = 401
    text = _("We sent a code. Ask again and send it too, as “otp”")


class PasswordTooOld(Refusal):
    """The password was right, but has been used for longer than the policy allows (SE22)."""

    code = "password_too_old"
    status = 403
    text = _("This password is too old. Log in on the website to choose a new one")


class RegistrationUnfinished(Refusal):
    """Phone or e-mail address were never confirmed."""

    code = "registration_unfinished"
    status = 403
    text = _("Confirm your phone number and e-mail address first. Begin again at /register/")


class StaffNeedsApp(Refusal):
    """Staff sign in with two steps everywhere."""

    code = "staff_needs_two_steps"
    status = 403
    text = _("Staff sign in with two steps. Turn them on in Settings, Security, then sign in again")


class LoginTaken(Refusal):
    """Said to staff only: to others, who has which address is no answer."""

    code = "login_taken"
    status = 409
    text = _("This e-mail address or phone belongs to a login already. Use another")


class WrongStepCode(Refusal):
    """The code of a step of registering, or the first of an app; its tries are counted there."""

    code = "wrong_step_code"
    status = 400
    text = _("That code is not right. Check it and try again")


class StepGone(Refusal):
    """A registration or a set-up that is over, somebody else's, or never was."""

    code = "step_gone"
    status = 409
    text = _("This took too long, or too many codes were wrong. Begin again")


class AppAlreadyOn(Refusal):
    code = "two_steps_already_on"
    status = 409
    text = _("Two steps are on already. Turn them off first to use another app")
