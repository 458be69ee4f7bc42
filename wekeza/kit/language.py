"""The language of a page: the reader's own choice for customers, English for staff."""

from django.middleware.locale import LocaleMiddleware
from django.utils import translation

ENGLISH_ONLY = "/workbench/"


class Language(LocaleMiddleware):
    """Django's choice by cookie and browser, which the workbench does not ask."""

    def process_request(self, request):
        super().process_request(request)
        if request.path_info.startswith(ENGLISH_ONLY):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
