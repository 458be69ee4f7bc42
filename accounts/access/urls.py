"""Security settings."""

from django.urls import path

from accounts.access import views

app_name = "access"
urlpatterns = [
    path("", views.security, name="security"),
    path("pin/", views.change_pin, name="change_pin"),
    path("confirm/<slug:change>/", views.confirm, name="confirm"),
]
