"""The customer's accounts, under /save/."""

from django.urls import path

from accounts.deposits import views

app_name = "deposits"
urlpatterns = [path("<str:number>/holds/", views.holds, name="holds")]
