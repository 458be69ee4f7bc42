"""Registering after the codes (/register/…), and the settings pages (/settings/…)."""

from django.urls import path

from accounts.customers import views

app_name = "customers"
urlpatterns = [
    path("register/next/", views.next_step, name="next_step"),
    path("register/details/", views.details, name="details"),
    path("register/pin/", views.pin, name="pin"),
    path("register/check/", views.check, name="check"),
    path("register/welcome/", views.welcome, name="welcome"),
    path("register/text/<slug:kind>/", views.text, name="text"),
    path("settings/", views.settings, name="settings"),
    path("settings/profile/", views.profile, name="profile"),
]
