"""The payments of a business, under /biz/."""

from django.urls import path

from payments.approvals import views

app_name = "approvals"
urlpatterns = [
    path("<uuid:business>/pay/", views.pay, name="pay"),
    path("<uuid:business>/pay/check/<uuid:transfer>/", views.check, name="check"),
    path("<uuid:business>/approvals/", views.queue, name="queue"),
    path("<uuid:business>/approvals/<uuid:transfer>/", views.detail, name="detail"),
]
