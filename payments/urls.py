"""Table of contents: the pages of the payments floor."""

from django.urls import include, path

app_name = "payments"
urlpatterns = [
    path("", include("payments.transfers.urls")),
    path("", include("payments.qr.urls")),
    path("initiation/", include("payments.initiation.urls")),
    path("topups/", include("payments.topups.urls")),
]
