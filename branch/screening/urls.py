"""Screening at the workbench, under /workbench/screening/."""

from django.urls import path

from branch.screening import views

app_name = "screening"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("<int:case>/", views.case, name="case"),
    path("lists/", views.lists, name="lists"),
    path("good-guys/", views.good_guys, name="good_guys"),
]
