"""The addresses for apps, below /api/v1/partner/."""

from django.urls import path

from accounts.partners import api

urlpatterns = [
    path("consents/", api.Standing.as_view(), name="partner_consents"),
    path("accounts/", api.Shared.as_view(), name="partner_accounts"),
    path("accounts/<str:number>/", api.OneShared.as_view(), name="partner_account"),
    path("accounts/<str:number>/balances/", api.OfShared.as_view(), name="partner_balances"),
    path(
        "accounts/<str:number>/transactions/",
        api.Transactions.as_view(),
        name="partner_transactions",
    ),
]
