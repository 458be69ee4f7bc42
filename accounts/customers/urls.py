"""Registering after the codes (/register/…), and the settings pages (/settings/…)."""

from django.urls import path

from accounts.customers import contact_views, views

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
    path("settings/profile/phones/add/", contact_views.add_phone, name="add_phone"),
    path("settings/profile/phones/main/", contact_views.main_phone, name="main_phone"),
    path(
        "settings/profile/phones/<uuid:public_id>/confirm/",
        contact_views.confirm_phone,
        name="confirm_phone",
    ),
    path(
        "settings/profile/phones/<uuid:public_id>/remove/",
        contact_views.remove_phone,
        name="remove_phone",
    ),
    path("settings/profile/addresses/add/", contact_views.add_address, name="add_address"),
    path(
        "settings/profile/addresses/<uuid:public_id>/",
        contact_views.change_address,
        name="change_address",
    ),
    path(
        "settings/profile/addresses/<uuid:public_id>/main/",
        contact_views.make_main_address,
        name="make_main_address",
    ),
    path(
        "settings/profile/addresses/<uuid:public_id>/remove/",
        contact_views.remove_address,
        name="remove_address",
    ),
    path("settings/profile/change/<slug:field>/", contact_views.ask_change, name="ask_change"),
    path(
        "settings/profile/changes/<uuid:public_id>/withdraw/",
        contact_views.withdraw_change,
        name="withdraw_change",
    ),
]
