"""Businesses at the workbench, under /workbench/registrations/."""

from django.urls import path

from branch.registrations import views

app_name = "registrations"
urlpatterns = [
    path("", views.businesses, name="businesses"),
    path("<uuid:public_id>/", views.business, name="business"),
    path("changes/<uuid:public_id>/", views.change, name="change"),
]
