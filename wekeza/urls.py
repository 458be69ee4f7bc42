"""
Every address of the bank starts here.

The first word is the customer's, not the floor's: move -> payments, save -> accounts, borrow ->
lending. Everything a business does stands under /biz/, whatever floor does it. Short public doors
are aliases onto the same views.
"""

from django.contrib import admin
from django.urls import include, path, re_path

from wekeza import api_urls
from wekeza.kit.api import Nowhere

urlpatterns: list = [
    path("api/v1/", include((api_urls.v1, "v1"), namespace="v1")),
    re_path("^api/", Nowhere.as_view(), name="api_nowhere"),
    path("", include((api_urls.short, "api"), namespace="api")),
    path("", include("branch.urls")),
    path("", include("accounts.urls")),
    path("move/", include("payments.urls")),
    path("borrow/", include("lending.urls")),
    path("biz/", include("payments.approvals.urls")),
    path("biz/", include("lending.business.urls")),
    path("", include("accounts.access.doors")),
    path("", include("accounts.partners.doors")),
    path("workbench/records/", admin.site.urls),
]

handler403 = "wekeza.kit.outage.forbidden"
handler404 = "wekeza.kit.outage.not_found"
handler429 = "accounts.access.views.too_many_requests"
handler500 = "wekeza.kit.outage.server_error"
