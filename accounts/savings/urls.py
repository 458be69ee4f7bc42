"""The customer's accounts, and what savings earn, under /save/."""

from django.urls import path

from accounts.savings import views

app_name = "savings"
urlpatterns = [
    path("", views.index, name="index"),
    path("open/", views.open, name="open"),
    path("<str:number>/close/", views.close, name="close"),
    path("<str:number>/closed/", views.closed, name="closed"),
    path("<str:number>/interest/", views.interest, name="interest"),
]
