"""The pages of the books, below /books/."""

from django.urls import path

from branch.books import freeze_views, period_views, views, voucher_views

app_name = "books"
urlpatterns = [
    path("", views.trial_balance, name="trial_balance"),
    path("export/<slug:form>/", views.export, name="export"),
    path("accounts/<str:code>/", views.account, name="account"),
    path("journal/", views.journal, name="journal"),
    path("journal/<int:number>/", views.entry, name="entry"),
    path("journal/<int:number>/reverse/", voucher_views.reverse, name="reverse"),
    path("controls/", views.controls, name="controls"),
    path("vouchers/", voucher_views.index, name="vouchers"),
    path("vouchers/write/", voucher_views.write, name="write"),
    path("vouchers/<uuid:public_id>/", voucher_views.voucher, name="voucher"),
    path("vouchers/<uuid:public_id>/write/", voucher_views.write, name="rewrite"),
    path("stopped/", freeze_views.index, name="freezes"),
    path("stopped/<str:code>/", freeze_views.freeze, name="freeze"),
    path("periods/", period_views.index, name="periods"),
    path("periods/<str:month>/", period_views.period, name="period"),
]
