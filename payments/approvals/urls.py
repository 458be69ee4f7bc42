"""The payments of a business, under /biz/."""

from django.urls import path

from payments.approvals import views

app_name = "approvals"
urlpatterns = [
    path("pay/", views.pay, name="pay"),
    path("pay/check/<uuid:transfer>/", views.check, name="check"),
    path("approvals/", views.queue, name="queue"),
    path("approvals/<uuid:transfer>/", views.detail, name="detail"),
]
