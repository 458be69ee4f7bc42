"""Privacy settings (/settings/privacy/…)."""

from django.urls import path

from accounts.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.index, name="index"),
    path("news/", views.news, name="news"),
    path("messages/<slug:topic>/", views.message, name="message"),
    path("withdraw/<slug:kind>/", views.withdraw, name="withdraw"),
    path("download/", views.download, name="download"),
    path("requests/ask/", views.ask, name="ask"),
    path("requests/<uuid:public_id>/", views.request_page, name="request_page"),
    path("requests/<uuid:public_id>/copy/", views.copy, name="copy"),
    path("requests/<uuid:public_id>/copy.json", views.copy_json, name="copy_json"),
]
