"""The addresses of the bank, and one more: a page that does nothing, to measure the others by."""

from django.http import HttpResponse
from django.urls import path

from wekeza.urls import *  # noqa: F403
from wekeza.urls import urlpatterns as addresses


def hello(request) -> HttpResponse:
    """The least that a page can be behind every middleware."""
    return HttpResponse("hello")


urlpatterns = [path("bench/hello/", hello), *addresses]
