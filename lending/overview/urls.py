"""Table of contents: the first page of Borrow."""

from django.urls import path

from lending.overview import views

app_name = "overview"
urlpatterns = [path("", views.index, name="index")]
