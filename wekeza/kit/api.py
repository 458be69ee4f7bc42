"""
The shape of an operation of the API. A room's `api.py` has one `Door` for each address; what a
method takes, gives and refuses stands in its `@operation`, from which the checks, the OpenAPI
description and the pages of /docs follow.

    class Transfers(Door):
        @operation(takes=NewTransfer, gives={202: Transfer}, refuses=[NotEnoughMoney],
                   scope="payments.write", once=once)
        def post(self, request):
            ...
            return transfer
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from wekeza.kit import throttles
from wekeza.kit.addresses import network_of
from wekeza.kit.answers import File, Json, Rendered
from wekeza.kit.principal import Principal
from wekeza.kit.problems import NotForYou, NotSignedIn, OutOfScope
from wekeza.kit.strict import single

PERSONS = ("CUSTOMER", "STAFF", "LOGIN")


@dataclass(frozen=True, slots=True)
class Operation:
    """
    What a method of a Door takes, gives and refuses; `scope` is what a partner's token needs, and
    `needs` a permission of staff, which the Doors of the room of staff ask for.
    """

    gives: Mapping[int, Any]
    takes: type[serializers.Serializer] | None = None
    asks: type[serializers.Serializer] | None = None
    refuses: Sequence[type] = ()
    scope: str = ""
    needs: str = ""
    kinds: Sequence[str] = ("CUSTOMER",)
    quota: str = "principal"
    once: Callable | None = None
    summary: str = ""
    about: str = ""
    example: Mapping = field(default_factory=dict)


def operation(**facts):
    """
    This will make a method of a Door an operation: its parameters and body are checked and come as
    `request.query` and `request.facts`; what it returns is written as `gives` says, with the first
    status of it, or with the one that it returns in front of its answer.
    """
    told = Operation(**facts)

    def mark(method):
        @wraps(method)
        def answer(self, request, *args, **kwargs):
            request.query = checked(told.asks, single(request.query_params))
            request.facts = checked(told.takes, request.data if told.takes else {})

            if File in told.gives.values():
                return method(self, request, *args, **kwargs)

            def run() -> tuple[int, str]:
                done = method(self, request, *args, **kwargs)
                status, result = done if isinstance(done, tuple) else (next(iter(told.gives)), done)
                return status, written(told.gives[status], result)

            status, body = told.once(run, request=request, view=self) if told.once else run()
            return Response(Rendered(body) if body else None, status=status)

        answer.operation = told
        return answer

    return mark


class Door(APIView):
    """One address of the API. Without `is_open` it asks for a token."""

    is_open = False
    tag = ""
    principal: Principal | None = None
    told: Operation | None = None
    permission_classes = ()
    throttle_classes = ()

    def initial(self, request, *args, **kwargs):
        """This will refuse in this order: method, quota of the address, token, rights, quota."""
        told = self.told = _operation_of(self, request.method)
        if told is None:
            raise exceptions.MethodNotAllowed(request.method)
        throttles.take("address", address_of(request))
        super().initial(request, *args, **kwargs)
        if self.is_open:
            if told.quota != "principal":
                throttles.take(told.quota, address_of(request))
            return
        principal = self.principal = request.auth
        if not isinstance(principal, Principal):
            raise NotSignedIn
        if not principal.may(told.scope):
            raise OutOfScope(needs=told.scope)
        if principal.kind not in told.kinds:
            raise NotForYou(kinds=", ".join(told.kinds))
        throttles.take(told.quota, principal.key, most=_quota(told, principal))

    def perform_authentication(self, request):
        """An open door looks at no token, so that an old one in the way does not shut it."""
        if not self.is_open:
            super().perform_authentication(request)

    @property
    def allowed_methods(self):
        known = [name for name in self.http_method_names if _operation_of(self, name)]
        return [name.upper() for name in known]

    def dispatch(self, request, *args, **kwargs):
        began, somebody = time.monotonic(), request.user
        response = super().dispatch(request, *args, **kwargs)
        request.user = somebody  # DRF tells the middleware who it was, which then sets cookies.
        response["Cache-Control"] = "no-store"
        _note(self, response, ms=int((time.monotonic() - began) * 1000))
        return response


class Nowhere(Door):
    """Every other address below /api/: not found, in the envelope."""

    is_open = True

    def initial(self, request, *args, **kwargs):
        throttles.take("address", address_of(request))
        raise exceptions.NotFound


# Fields that take exactly what they say; DRF's own also take what looks like it.


class Fields(serializers.Serializer):
    """A body, or the parameters of an address; a name that nobody asked for is refused."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            known = {name for name, each in self.fields.items() if not each.read_only}
            unknown = sorted(str(name) for name in set(data) - known)
            if unknown:
                words = _("There is no such field here. Take it out")
                raise serializers.ValidationError(dict.fromkeys(unknown, [words]))
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A text, and nothing that could be written as one."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Secret(Text):
    """A text that is taken sign for sign and never given back."""

    def __init__(self, **options):
        options.setdefault("max_length", 256)
        style = {"input_type": "password"}
        super().__init__(trim_whitespace=False, write_only=True, style=style, **options)


class Flag(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


@extend_schema_field(OpenApiTypes.BINARY)
class Upload(serializers.FileField):
    """A file; an empty one is refused in the words of whoever reads it."""

    def __init__(self, **options):
        super().__init__(allow_empty_file=True, use_url=False, **options)


def checked(serializer: type[serializers.Serializer] | None, data: Mapping) -> dict:
    """
    This will give the facts of a body or a query as Python values.

    :raises ValidationError: with every field that is wrong; also if something came unasked.
    """
    judged = (serializer or Fields)(data=data)
    judged.is_valid(raise_exception=True)
    return judged.validated_data


def written(serializer: type[serializers.Serializer] | None, result) -> str:
    """This will write an answer as JSON; nothing where an operation gives nothing (204)."""
    if serializer is None:
        return ""
    return Json().render(serializer(result).data).decode()


def address_of(request) -> str:
    """This will give whose address a request came from, behind the proxies that we know."""
    address = import_string(settings.API_ADDRESS)(request._request)
    return str(network_of(address)) if address else ""


def _quota(told: Operation, principal: Principal) -> int | None:
    """A caller's own quota stands for all its calls; of a dearer kind it gives no more of them."""
    if told.quota == "principal" or principal.per_minute is None:
        return principal.per_minute
    return min(principal.per_minute, settings.API_PER_MINUTE[told.quota])


def _operation_of(door: Door, method: str) -> Operation | None:
    return getattr(getattr(door, method.lower(), None), "operation", None)


def _note(door: Door, response, *, ms: int) -> None:
    """The roof names who keeps the log (settings.API_LOG); kit knows nobody."""
    import_string(settings.API_LOG)(
        request=door.request._request,
        principal=door.principal,
        response=response,
        ms=ms,
        at=timezone.now(),
    )
