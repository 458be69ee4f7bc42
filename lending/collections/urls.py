"""Table of contents: help with a late loan."""

from django.urls import path

from lending.collections import views

app_name = "collections"
urlpatterns = [path("loans/<uuid:public_id>/help/", views.help, name="help")]
