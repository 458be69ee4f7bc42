"""
allauth's own pages under our addresses, included at the bank's root: /access/…, /login/ and
/register/. What changes a phone, an e-mail address or the authenticator app, or shows recovery
codes, asks for PIN and code first: those addresses stand above allauth's, and the first that
matches answers.
"""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.shortcuts import redirect
from django.urls import include, path, reverse

from accounts.access.gate import only_confirmed
from accounts.access.step_up import Change

change_phone = only_confirmed(Change.PHONE)(account.change_phone)
turn_app_on = only_confirmed(Change.APP_ON)(totp.activate_totp)
turn_app_off = only_confirmed(Change.APP_OFF)(totp.deactivate_totp)
see_codes, renew_codes, download_codes = (
    only_confirmed(Change.CODES, after=Change.APP_ON)(view)
    for view in (
        recovery.view_recovery_codes,
        recovery.generate_recovery_codes,
        recovery.download_recovery_codes,
    )
)


def verify_phone(request, *args, **kwargs):
    """allauth's page of the code; a change that is done leads to what it changed, not back."""
    before = request.user.phone if request.user.is_authenticated else ""
    response = account.verify_phone(request, *args, **kwargs)
    is_done = before and request.user.phone != before
    return redirect("accounts:customers:profile") if is_done else response


def _emails(request):
    """allauth's page of addresses; a change that is done leads to the profile, which shows it."""
    response = account.email(request)
    is_back = response.headers.get("Location") == reverse("account_email")
    return redirect("accounts:customers:profile") if is_back else response


change_email = only_confirmed(Change.EMAIL)(_emails)


urlpatterns = [
    path("access/phone/verify/", verify_phone, name="account_verify_phone"),
    path("access/phone/change/", change_phone, name="account_change_phone"),
    path("access/email/", change_email, name="account_email"),
    path("access/2fa/totp/activate/", turn_app_on, name="mfa_activate_totp"),
    path("access/2fa/totp/deactivate/", turn_app_off, name="mfa_deactivate_totp"),
    path("access/2fa/recovery-codes/", see_codes, name="mfa_view_recovery_codes"),
    path("access/2fa/recovery-codes/generate/", renew_codes, name="mfa_generate_recovery_codes"),
    path("access/2fa/recovery-codes/download/", download_codes, name="mfa_download_recovery_codes"),
    path("access/", include("allauth.account.urls")),
    path("access/2fa/", include("allauth.mfa.urls")),
    # The short doors stand last: the last pattern of a name is the one that links lead to.
    path("login/", account.login, name="account_login"),
    path("register/", account.signup, name="account_signup"),
]
