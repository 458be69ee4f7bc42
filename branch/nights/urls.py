"""The close of business, below /workbench/close/."""

from django.urls import path

from branch.nights import views

app_name = "nights"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("seal.json", views.seal_head, name="seal_head"),
    path("<str:day>/", views.run, name="run"),
]
