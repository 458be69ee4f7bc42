"""Table of contents: the pages of the lending floor."""

from django.urls import include, path

app_name = "lending"
urlpatterns = [path("", include("lending.products.urls"))]
