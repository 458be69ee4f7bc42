"""
Every address of the API: /api/v1/… and the mission's short ones. Aliases lead to one door (X6).
"""

from django.urls import path, re_path

from accounts.access import api as access
from wekeza.kit.api import Nowhere

short = [
    path("token", access.Token.as_view(), name="token"),
    path("users/me", access.WhoAmI.as_view(), name="users_me"),
]

v1 = [
    path("auth/login", access.Login.as_view(), name="auth_login"),
    path("auth/refresh", access.Refresh.as_view(), name="auth_refresh"),
    path("auth/logout", access.Logout.as_view(), name="auth_logout"),
    path("auth/logout/everywhere", access.LogoutEverywhere.as_view(), name="auth_logout_all"),
    path("auth/me", access.WhoAmI.as_view(), name="auth_me"),
    re_path("", Nowhere.as_view(), name="nowhere"),
]
