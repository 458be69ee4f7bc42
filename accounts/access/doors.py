"""
allauth's own pages under our addresses, included at the bank's root: /access/…, /login/ and
/register/. What changes a phone, an e-mail address, the authenticator app or a passkey, or shows
recovery codes, asks for PIN and code first: those addresses stand above allauth's, and the first
that matches answers.
"""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.shortcuts import redirect
from django.urls import include, path, reverse

from accounts.access import login_views, phone_views, stages
from accounts.access.gate import only_confirmed
from accounts.access.step_up import Change

change_phone = only_confirmed(Change.PHONE)(phone_views.change)
turn_app_on = only_confirmed(Change.APP_ON)(totp.activate_totp)
turn_app_off = only_confirmed(Change.APP_OFF)(totp.deactivate_totp)
add_passkey = only_confirmed(Change.PASSKEY_ON)(webauthn.add_webauthn)
rename_passkey, remove_passkey = (
    only_confirmed(Change.PASSKEY_OFF)(view)
    for view in (webauthn.edit_webauthn, webauthn.remove_webauthn)
)
see_codes, renew_codes, download_codes = (
    only_confirmed(Change.CODES)(view)
    for view in (
        recovery.view_recovery_codes,
        recovery.generate_recovery_codes,
        recovery.DownloadRecoveryCodesView.as_view(content_type="text/plain; charset=utf-8"),
    )
)


def _emails(request):
    """allauth's page of addresses; a change that is done leads to the profile, which shows it."""
    response = account.email(request)
    is_back = response.headers.get("Location") == reverse("account_email")
    return redirect("accounts:customers:profile") if is_back else response


change_email = only_confirmed(Change.EMAIL)(_emails)


urlpatterns = [
    path("access/phone/verify/", phone_views.verify, name="account_verify_phone"),
    path("access/phone/change/", change_phone, name="account_change_phone"),
    path("access/email/", change_email, name="account_email"),
    path("access/2fa/totp/activate/", turn_app_on, name="mfa_activate_totp"),
    path("access/2fa/totp/deactivate/", turn_app_off, name="mfa_deactivate_totp"),
    path("access/2fa/webauthn/add/", add_passkey, name="mfa_add_webauthn"),
    path("access/2fa/webauthn/keys/<int:pk>/edit/", rename_passkey, name="mfa_edit_webauthn"),
    path("access/2fa/webauthn/keys/<int:pk>/remove/", remove_passkey, name="mfa_remove_webauthn"),
    path("access/2fa/recovery-codes/", see_codes, name="mfa_view_recovery_codes"),
    path("access/2fa/recovery-codes/generate/", renew_codes, name="mfa_generate_recovery_codes"),
    path("access/2fa/recovery-codes/download/", download_codes, name="mfa_download_recovery_codes"),
    path("access/", include("allauth.account.urls")),
    path("access/2fa/", include("allauth.mfa.urls")),
    # The short doors stand last: the last pattern of a name is the one that links lead to.
    path("login/code/", login_views.login_code, name=stages.CodeStage.urlname),
    path("login/new-password/", login_views.new_password, name=stages.NewPasswordStage.urlname),
    path("login/", account.login, name="account_login"),
    path("register/", account.signup, name="account_signup"),
]
