"""Table of contents: a loan, and paying on it."""

from django.urls import path

from lending.repayments import views

app_name = "repayments"
urlpatterns = [
    path("loans/<uuid:public_id>/", views.loan, name="loan"),
    path("loans/<uuid:public_id>/statement/<str:form>/", views.statement, name="statement"),
    path("loans/<uuid:public_id>/pay/", views.pay, name="pay"),
    path("loans/<uuid:public_id>/paid/<str:receipt_no>/", views.paid, name="paid"),
]
