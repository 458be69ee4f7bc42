"""Pages that only a demo bank has."""

from django.urls import path

from branch.demo import views

app_name = "demo"
urlpatterns = [
    path("staff/", views.staff, name="staff"),
    path("year/", views.year, name="year"),
]
