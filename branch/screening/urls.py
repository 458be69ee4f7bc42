"""Screening at the workbench, under /workbench/screening/."""

from django.urls import path

from branch.screening import list_views, views

app_name = "screening"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("<int:case>/", views.case, name="case"),
    path("lists/", views.lists, name="lists"),
    path("lists/upload/", list_views.upload, name="upload"),
    path("lists/<int:version>/", list_views.version, name="version"),
    path("good-guys/", views.good_guys, name="good_guys"),
]
