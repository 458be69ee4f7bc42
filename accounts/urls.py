"""Table of contents: the pages of the accounts floor."""

from django.urls import include, path

app_name = "accounts"
urlpatterns = [
    path("", include("accounts.customers.urls")),
    path("biz/", include("accounts.businesses.urls")),
    path("settings/security/", include("accounts.access.urls")),
    path("", include("accounts.notifications.urls")),
    path("save/", include("accounts.deposits.urls")),
    path("view/", include("accounts.statements.urls")),
]
