"""The loan officer's pages, below /workbench/credit/."""

from django.urls import path

from branch.credit import changes, loan_views, mark_views, replay_views, views

app_name = "credit"
urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/<uuid:public_id>/", views.application, name="application"),
    path("queue/<uuid:public_id>/marks/", mark_views.marks, name="marks"),
    path("loans/", loan_views.loans, name="loans"),
    path("loans/<str:number>/", loan_views.loan, name="loan"),
    path("loans/<str:number>/earlier/", replay_views.earlier, name="earlier"),
    path("loans/<str:number>/payments/<str:receipt_no>/", replay_views.payment, name="payment"),
    path("changes/", changes.waiting, name="changes"),
    path("changes/<uuid:public_id>/", changes.change, name="change"),
    path("queue/<uuid:public_id>/paper/", views.paper, name="paper"),
]
