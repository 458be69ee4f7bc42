"""Being paid by a code, under /move/qr/."""

from django.urls import path

from payments.qr import views

app_name = "qr"
urlpatterns = [path("qr/mine/", views.mine, name="mine")]
