"""The pages that stand at the bank's root."""

from django.urls import path

from branch.online import views

app_name = "online"
urlpatterns = [
    path("", views.home, name="home"),
    path("receipt/<str:receipt_no>/", views.receipt, name="receipt"),
    path("language/", views.set_language, name="language"),
    path("theme/", views.set_theme, name="theme"),
    path("hide-balances/", views.hide_balances, name="hide_balances"),
    path("session-ended/", views.session_ended, name="session_ended"),
    path("demo/kit/", views.kit, name="kit"),
]
