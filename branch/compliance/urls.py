"""The desk of compliance, below /workbench/monitoring/."""

from django.urls import path

from branch.compliance import views

app_name = "compliance"
urlpatterns = [
    path("", views.alerts, name="alerts"),
    path("alerts/<uuid:public_id>/", views.alert, name="alert"),
    path("cases/<uuid:public_id>/", views.case, name="case"),
    path("rules/", views.rules, name="rules"),
    path("rules/<slug:code>/", views.rule, name="rule"),
]
