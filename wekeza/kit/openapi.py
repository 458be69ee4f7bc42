"""The OpenAPI description, made from what each operation says of itself (wekeza.kit.api)."""

import re

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from wekeza.kit import problems
from wekeza.kit.answers import File
from wekeza.kit.problems import BadBody, DuplicateKey, DuplicateParameter

EVERYWHERE = (problems.TooManyRequests,)
WITH_BODY = (BadBody, DuplicateKey, problems.BodyTooLarge)
PLAIN = {
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "VALIDATION_ERROR",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
}
GAP = re.compile(r"\{\w+\}")
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    pattern="^[A-Za-z0-9_-]{8,64}$",
    description=(
        "Made by you, another one for each payment, for instance a UUID. The same key and body "
        "again give the first answer, byte for byte, and move no money a second time."
    ),
)


class Problem(serializers.Serializer):
    """Every refusal and every fault: the same four names (003:341-349)."""

    status_code = serializers.IntegerField(help_text="The HTTP status again.")
    error_code = serializers.CharField(help_text="Stable; decide by this, not by the message.")
    message = serializers.CharField(help_text="For people, in English or Swahili.")
    details = serializers.DictField(
        child=serializers.JSONField(), help_text="The figures: what was needed, what is left."
    )


class Schema(AutoSchema):
    """Reads `Operation` instead of guessing."""

    @property
    def told(self):
        return getattr(self.view, self.method.lower()).operation

    def get_operation_id(self):
        return f"{self.method.lower()}{self.path.rstrip('/')}".replace("/", "_").translate(
            str.maketrans("", "", "{}-")
        )

    def get_tags(self):
        return [self.view.tag] if self.view.tag else super().get_tags()

    def get_summary(self):
        return str(self.told.summary)

    def get_description(self):
        parts = [str(self.told.about)]
        if self.told.scope:
            parts.append(f"Partners need the scope `{self.told.scope}`.")
        if self.told.needs:
            parts.append(f"Takes the permission `{self.told.needs}`.")
        return "\n\n".join(part for part in parts if part)

    def get_auth(self):
        return [] if self.view.is_open else [{"bearer": []}]

    def get_request_serializer(self):
        return self.told.takes() if self.told.takes else None

    def get_override_parameters(self):
        asked = [self.told.asks] if self.told.asks else []
        return asked + ([KEY_HEADER] if self.told.once else [])

    def get_filter_backends(self):
        return []

    def get_examples(self):
        if not self.told.example:
            return []
        return [OpenApiExample("Example", value=dict(self.told.example), request_only=True)]

    def get_response_serializers(self):
        answers: dict = {}
        for status, serializer in self.told.gives.items():
            if serializer is File:
                shown = OpenApiResponse(OpenApiTypes.BINARY, description="The file itself.")
                answers |= {(str(status), kind): shown for kind in File.kinds}
                continue
            answers[str(status)] = OpenApiResponse(
                serializer, description="Done." if status != 202 else "Taken; not final yet."
            )
        for status, codes in sorted(self.refusals().items()):
            said = "\n".join(f"- `{code}`: {words}" for code, (words, _facts) in codes.items())
            examples = [
                OpenApiExample(code, value=problems.envelope(status, code, words, **facts))
                for code, (words, facts) in codes.items()
            ]
            answers[str(status)] = OpenApiResponse(Problem, description=said, examples=examples)
        return answers

    def refusals(self) -> dict[int, dict[str, tuple[str, dict]]]:
        """This will give every error code of the operation with its words and an example."""
        kinds = [*self.told.refuses, *EVERYWHERE]
        if not self.view.is_open:
            kinds.append(problems.NotSignedIn)
            for each in self.view.get_authenticators():
                kinds += getattr(each, "refuses", ())
            if self.told.scope:
                kinds.append(problems.OutOfScope)
            kinds.append(problems.NotForYou)
        if self.told.takes:
            kinds += WITH_BODY
        if self.told.asks:
            kinds.append(DuplicateParameter)
        if self.told.once:
            kinds += self.told.once.refuses
        found: dict[int, dict[str, tuple[str, dict]]] = {}
        for kind in kinds:
            words = GAP.sub("…", str(kind.text))
            found.setdefault(kind.status, {})[kind.code.upper()] = (words, kind.example)
        for status in self._plain():
            found.setdefault(status, {})[PLAIN[status]] = (WORDS[status], {})
        return found

    def _plain(self):
        yield from (405, 406, 422, 500, 503)
        if self.told.takes:
            yield 415
        if "{" in self.path:
            yield 404


WORDS = {
    404: "There is nothing at this address, or it is not yours",
    405: "This address does not know that method. See the Allow header",
    406: "We answer in JSON. Ask with Accept: application/json",
    415: "Send JSON, with Content-Type: application/json",
    422: "Some fields are missing, unknown or not right; details.fields names them",
    500: "A fault of ours. Quote details.request_id when you call",
    503: "The bank is away for a moment. See the Retry-After header",
}


def only_the_api(endpoints):
    """This will keep what is a Door, once: a preprocessing hook of drf-spectacular."""
    return [
        each
        for each in endpoints
        if hasattr(getattr(each[3].cls, each[2].lower(), None), "operation")
    ]


def finish(result, generator, request, public):
    """This will add what serializers cannot say: who may call, and that bodies are closed."""
    schemas = result.get("components", {}).get("schemas", {})
    for path in result.get("paths", {}).values():
        for told in path.values():
            for content in told.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                if name:
                    schemas[name]["additionalProperties"] = False
    return result
