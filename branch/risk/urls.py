"""The pages of risk, below /risk/."""

from django.urls import path

from branch.risk import views

app_name = "risk"
urlpatterns = [
    path("lending/", views.lending, name="lending"),
    path("lending/<uuid:public_id>/", views.stop, name="stop"),
    path("lending/<uuid:public_id>/attempts.csv", views.attempts, name="attempts"),
]
