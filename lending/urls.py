"""Table of contents: the pages of the lending floor."""

from django.urls import include, path

app_name = "lending"
urlpatterns = [
    path("", include("lending.overview.urls")),
    path("", include("lending.products.urls")),
    path("", include("lending.decisions.urls")),
    path("", include("lending.asking.urls")),
    path("", include("lending.repayments.urls")),
    path("", include("lending.instructions.urls")),
    path("", include("lending.restructures.urls")),
    path("", include("lending.collections.urls")),
]
