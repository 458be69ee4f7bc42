"""Payments that apps ask for, under /move/initiation/."""

from django.urls import path

from payments.initiation import views

app_name = "initiation"
urlpatterns = [path("<uuid:public_id>/", views.check, name="check")]
