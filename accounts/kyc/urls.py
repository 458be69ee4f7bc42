"""The ladder of tiers, what a customer declares, and sending it."""

from django.urls import path

from accounts.kyc import views

app_name = "kyc"
urlpatterns = [
    path("", views.ladder, name="ladder"),
    path("start/", views.start, name="start"),
    path("facts/", views.facts, name="facts"),
    path("send/", views.send, name="send"),
    path("cancel/", views.cancel, name="cancel"),
]
