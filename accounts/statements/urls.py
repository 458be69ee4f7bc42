"""Looking at money, under /view/."""

from django.urls import path

from accounts.statements import file_views, views

app_name = "statements"
urlpatterns = [
    path("", views.index, name="index"),
    path("transactions/", views.transactions, name="transactions"),
    path("transactions/<str:number>/<str:place>/", views.transaction, name="transaction"),
    path("statement/", views.statement, name="statement"),
    path("statement/ask/", file_views.ask, name="ask"),
    path("statement/<uuid:public_id>/", file_views.file, name="file"),
    path("statement/<uuid:public_id>/download/", file_views.download, name="download"),
]
