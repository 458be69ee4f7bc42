"""The pages of risk, below /risk/."""

from django.urls import path

from branch.risk import (
    decision_views,
    drift_views,
    fraud_views,
    late_views,
    lost_views,
    portfolio_views,
    views,
)

app_name = "risk"
urlpatterns = [
    path("", portfolio_views.overview, name="overview"),
    path("every.<slug:kind>", portfolio_views.overview_file, name="overview_file"),
    path("loans/", portfolio_views.loans, name="loans"),
    path("loans/every.<slug:kind>", portfolio_views.file, name="loans_file"),
    path("written-off/", lost_views.written_off, name="written_off"),
    path("written-off/every.<slug:kind>", lost_views.written_off_file, name="written_off_file"),
    path("collections/", late_views.collections, name="collections"),
    path("collections/every.<slug:kind>", late_views.collections_file, name="collections_file"),
    path("collections/loans/", late_views.late_loans, name="late_loans"),
    path("collections/promises/", late_views.promises, name="promises"),
    path("collections/promises/every.<slug:kind>", late_views.promises_file, name="promises_file"),
    path("decisions/", decision_views.index, name="decisions"),
    path("decisions/every.<slug:kind>", decision_views.file, name="decisions_file"),
    path("decisions/<uuid:public_id>/<int:number>/", decision_views.one, name="decision"),
    path("drift/", drift_views.drift, name="drift"),
    path("drift/month.<slug:kind>", drift_views.file, name="drift_file"),
    path("cards/", drift_views.cards, name="cards"),
    path("cards/<slug:card>/<int:version>/", drift_views.card, name="card"),
    path("fraud/", fraud_views.cases, name="fraud"),
    path("fraud/marks/", fraud_views.marks, name="fraud_marks"),
    path("fraud/marks/<uuid:public_id>/", fraud_views.mark, name="fraud_mark"),
    path("fraud/<uuid:public_id>/", fraud_views.case, name="fraud_case"),
    path("lending/", views.lending, name="lending"),
    path("lending/<uuid:public_id>/", views.stop, name="stop"),
    path("lending/<uuid:public_id>/attempts.<slug:kind>", views.attempts, name="attempts"),
]
