"""Looking at money, under /view/."""

from django.urls import path

from accounts.statements import views

app_name = "statements"
urlpatterns = [
    path("", views.index, name="index"),
    path("transactions/", views.transactions, name="transactions"),
    path("transactions/<str:number>/<str:place>/", views.transaction, name="transaction"),
    path("statement/", views.statement, name="statement"),
]
