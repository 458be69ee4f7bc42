"""Adding money, under /move/topups/."""

from django.urls import path

from payments.topups import views

app_name = "topups"
urlpatterns = [
    path("start/", views.start, name="start"),
    path("receipt/<str:receipt_no>/", views.receipt, name="receipt"),
]
