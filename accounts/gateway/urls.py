"""The description of the API, for programs and for people."""

from django.urls import path

from accounts.gateway import views

app_name = "gateway"
urlpatterns = [
    path("openapi.json", views.openapi, name="openapi"),
    path("docs", views.docs, name="docs"),
    path("docs/errors", views.errors, name="errors"),
    path("docs/<slug:operation>", views.operation, name="operation"),
]
