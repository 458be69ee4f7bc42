"""Table of contents: asking for a loan, its answer, and taking it."""

from django.urls import path

from lending.decisions import views

app_name = "decisions"
urlpatterns = [
    path("apply/", views.apply, name="apply"),
    path("apply/cost/", views.cost, name="cost"),
    path("answers/<uuid:public_id>/", views.answer, name="answer"),
]
