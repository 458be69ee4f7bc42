"""Table of contents: a page for each product that is paid back by instalments."""

from django.urls import path

from lending.asking import views

app_name = "asking"
urlpatterns = [
    path("apply/<slug:product>/", views.apply, name="apply"),
    path("apply/<slug:product>/cost/", views.cost, name="cost"),
]
