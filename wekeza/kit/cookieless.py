"""The API reads no cookie: a browser's session opens nothing there, so nothing can be forged."""

from wekeza.kit.outage import is_api


class NoCookies:
    """Takes the cookies off a request of the API before anybody looks at them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_api(request.path):
            request.COOKIES.clear()
        return self.get_response(request)
