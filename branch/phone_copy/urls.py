"""The copy on a phone, under /phone-copy/, and the worker that shows it."""

from django.urls import path

from branch.phone_copy import views

app_name = "phone_copy"
urlpatterns = [
    path("phone-copy/", views.index, name="index"),
    path("phone-copy/page/", views.page, name="page"),
    path("sw.js", views.worker, name="worker"),
]
