"""The demo inbox."""

from django.urls import path

from accounts.notifications import views

app_name = "notifications"
urlpatterns = [path("demo/inbox/", views.inbox, name="inbox")]
