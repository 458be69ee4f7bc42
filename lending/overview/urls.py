"""Table of contents: the first page of Borrow, and all that was asked for."""

from django.urls import path

from lending.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.index, name="index"),
    path("asked/", views.asked, name="asked"),
]
