"""Verifying a paper of the bank, under /verify/."""

from django.urls import path

from branch.verify import views

app_name = "verify"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("<str:code>/", views.see, name="see"),
]
