"""The addresses of payments for apps, below /api/v1/partner/payments/."""

from django.urls import path

from payments.initiation import api

urlpatterns = [
    path("", api.New.as_view(), name="partner_payments"),
    path("<uuid:public_id>/", api.One.as_view(), name="partner_payment"),
    path("<uuid:public_id>/cancel/", api.Cancel.as_view(), name="partner_payment_cancel"),
]
