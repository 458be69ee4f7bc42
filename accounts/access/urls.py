"""Security settings."""

from django.urls import path

from accounts.access import confirm_views, views

app_name = "access"
urlpatterns = [
    path("", views.security, name="security"),
    path("pin/", views.change_pin, name="change_pin"),
    path("pin/new/", views.new_pin, name="new_pin"),
    path("confirm/<slug:change>/", confirm_views.confirm, name="confirm"),
    path("sessions/", views.sessions_page, name="sessions"),
    path("logins/", views.logins_page, name="logins"),
    path("login-code/", views.login_code, name="login_code"),
    path("questions/", views.choose_questions, name="questions"),
]
