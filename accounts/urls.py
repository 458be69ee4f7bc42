"""Table of contents: the pages of the accounts floor."""

from django.urls import include, path

app_name = "accounts"
urlpatterns = [
    path("", include("accounts.customers.urls")),
    path("settings/kyc/", include("accounts.kyc.urls")),
    path("documents/", include("accounts.documents.urls")),
    path("biz/", include("accounts.businesses.urls")),
    path("settings/security/", include("accounts.access.urls")),
    path("settings/privacy/", include("accounts.privacy.urls")),
    path("", include("accounts.notifications.urls")),
    path("", include("accounts.partners.urls")),
    path("save/", include("accounts.savings.urls")),
    path("save/", include("accounts.deposits.urls")),
    path("view/", include("accounts.statements.urls")),
    path("", include("accounts.gateway.urls")),
]
