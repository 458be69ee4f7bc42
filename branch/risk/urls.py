"""The pages of risk, below /risk/."""

from django.urls import path

from branch.risk import fraud_views, views

app_name = "risk"
urlpatterns = [
    path("fraud/", fraud_views.cases, name="fraud"),
    path("fraud/marks/", fraud_views.marks, name="fraud_marks"),
    path("fraud/<uuid:public_id>/", fraud_views.case, name="fraud_case"),
    path("lending/", views.lending, name="lending"),
    path("lending/<uuid:public_id>/", views.stop, name="stop"),
    path("lending/<uuid:public_id>/attempts.csv", views.attempts, name="attempts"),
]
