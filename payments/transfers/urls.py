"""Sending money, under /move/."""

from django.urls import path

from payments.transfers import views

app_name = "transfers"
urlpatterns = [
    path("", views.hub, name="hub"),
    path("transfers/send/", views.send, name="send"),
    path("transfers/payee/", views.payee, name="payee"),
    path("transfers/quote/", views.quote, name="quote"),
    path("transfers/check/<uuid:public_id>/", views.check, name="check"),
    path("transfers/receipt/<str:receipt_no>/", views.receipt, name="receipt"),
]
