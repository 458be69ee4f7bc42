"""The pages of risk, below /risk/."""

from django.urls import path

from branch.risk import decision_views, fraud_views, portfolio_views, views

app_name = "risk"
urlpatterns = [
    path("", portfolio_views.overview, name="overview"),
    path("loans/", portfolio_views.loans, name="loans"),
    path("loans/every.csv", portfolio_views.file, name="loans_file"),
    path("decisions/", decision_views.index, name="decisions"),
    path("decisions/every.csv", decision_views.file, name="decisions_file"),
    path("decisions/<uuid:public_id>/<int:number>/", decision_views.one, name="decision"),
    path("fraud/", fraud_views.cases, name="fraud"),
    path("fraud/marks/", fraud_views.marks, name="fraud_marks"),
    path("fraud/<uuid:public_id>/", fraud_views.case, name="fraud_case"),
    path("lending/", views.lending, name="lending"),
    path("lending/<uuid:public_id>/", views.stop, name="stop"),
    path("lending/<uuid:public_id>/attempts.csv", views.attempts, name="attempts"),
]
