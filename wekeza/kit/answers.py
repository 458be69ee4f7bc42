"""How the API writes what it answers: JSON, whoever asks, or a file that was asked for."""

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer


class Rendered(str):
    """A body that is written already, byte for byte what goes out."""


class File:
    """What an operation gives whose answer is a file itself, and no JSON."""

    kinds = ("image/jpeg", "image/png", "application/pdf")


class Json(JSONRenderer):
    """JSON as Python's json writes it; a body that was kept goes out unchanged."""

    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if isinstance(data, Rendered):
            return data.encode()
        return super().render(data, accepted_media_type, renderer_context)


class OnlyJson(DefaultContentNegotiation):
    """`?format=` is a parameter like any other; errors are told in JSON to everybody."""

    def filter_renderers(self, renderers, format):
        return renderers
