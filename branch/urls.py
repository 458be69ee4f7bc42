"""Table of contents: the pages of the branch floor."""

from django.urls import include, path

app_name = "branch"
urlpatterns = [
    path("", include("branch.online.urls")),
    path("", include("branch.business.urls")),
    path("books/", include("branch.books.urls")),
    path("risk/", include("branch.risk.urls")),
    path("demo/", include("branch.demo.urls")),
    path("verify/", include("branch.verify.urls")),
    path("", include("branch.phone_copy.urls")),
    path("workbench/screening/", include("branch.screening.urls")),
    path("workbench/registrations/", include("branch.registrations.urls")),
    path("workbench/partners/", include("branch.partners.urls")),
    path("workbench/monitoring/", include("branch.compliance.urls")),
    path("workbench/credit/", include("branch.credit.urls")),
    path("workbench/collections/", include("branch.collections.urls")),
    path("workbench/close/", include("branch.nights.urls")),
    path("workbench/", include("branch.workbench.urls")),
    path("workbench/onboarding/", include("branch.onboarding.urls")),
]
