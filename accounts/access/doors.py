"""
allauth's own pages under our addresses, included at the bank's root: /access/…, /login/ and
/register/.
"""

from allauth.account import views as account
from django.urls import include, path

urlpatterns = [
    path("access/", include("allauth.account.urls")),
    path("access/2fa/", include("allauth.mfa.urls")),
    # The short doors stand last: the last pattern of a name is the one that links lead to.
    path("login/", account.login, name="account_login"),
    path("register/", account.signup, name="account_signup"),
]
