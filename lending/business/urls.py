"""Table of contents: the loans of a business, under /biz/."""

from django.urls import path

from lending.business import views

app_name = "business_loans"
urlpatterns = [
    path("<uuid:business>/loans/", views.index, name="index"),
    path("<uuid:business>/loans/asked/", views.asked, name="asked"),
    path("<uuid:business>/loans/apply/", views.apply, name="apply"),
    path("<uuid:business>/loans/limit/", views.limit, name="limit"),
    path("<uuid:business>/loans/answers/<uuid:application>/", views.answer, name="answer"),
]
