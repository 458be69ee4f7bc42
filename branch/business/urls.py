"""The home page of a business, under /biz/."""

from django.urls import path

from branch.business import views

app_name = "business"
urlpatterns = [path("biz/<uuid:business>/home/", views.home, name="home")]
