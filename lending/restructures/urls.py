"""Paying a loan otherwise, below /borrow/."""

from django.urls import path

from lending.restructures import views

app_name = "restructures"
urlpatterns = [
    path("loans/<uuid:public_id>/change/", views.ask, name="ask"),
    path("changes/<uuid:public_id>/", views.wish, name="wish"),
]
