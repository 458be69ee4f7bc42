"""
The whole description, asked with good and bad bodies that a machine makes up (G10 at CI size): no
fault of ours, every refusal in the envelope, every status and body as described, nothing without a
token, nothing moved by what was refused.
"""

import json
from contextlib import suppress

import pytest
import schemathesis
from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.test import APIRequestFactory
from schemathesis.generation import GenerationMode

from accounts.factories import DepositAccountFactory, UserFactory
from accounts.gateway import reference
from ledger.journal.models import Entry
from wekeza.tests.api.steps import ENVELOPE, Program

pytestmark = pytest.mark.django_db
EXAMPLES = 12
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SKIPPED = {"/api/v1/auth/logout", "/api/v1/auth/logout/everywhere"}  # They end the asker's token.


def operations():
    schema = schemathesis.openapi.from_dict(reference._schema("en"))
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def roomy(settings):
    settings.API_PER_MINUTE = dict.fromkeys(settings.API_PER_MINUTE, 100_000)
    settings.ACCOUNT_RATE_LIMITS = {}


def ask(program, case):
    """Send a made-up case with the program's own token."""
    path = case.formatted_path
    query = {name: str(value) for name, value in (case.query or {}).items()}
    headers = {
        name: value
        for name, value in (case.headers or {}).items()
        if name.lower() != "authorization" and isinstance(value, str) and value.isascii()
        and value.isprintable()
    }  # fmt: skip
    body = case.body
    if not isinstance(body, bytes):
        body = "" if type(body).__name__ == "NotSet" else json.dumps(body)
    asked = APIRequestFactory().get("/", query).META["QUERY_STRING"]
    return program.client.generic(
        case.method,
        f"{path}?{asked}" if asked else path,
        body,
        content_type="application/json",
        headers=program.headers | headers,
    )


def judge(answer, operation):
    told = operation.definition.raw["responses"]
    assert answer.status_code < 500, (answer.status_code, answer.content)
    assert str(answer.status_code) in told, (answer.status_code, answer.content, sorted(told))
    if answer.status_code >= 400:
        body = answer.json()
        assert set(body) == ENVELOPE, body
        assert body["status_code"] == answer.status_code
        codes = {
            each["value"]["error_code"]
            for each in told[str(answer.status_code)]["content"]["application/json"][
                "examples"
            ].values()
        }
        assert body["error_code"] in codes, (body["error_code"], codes)


@pytest.mark.parametrize("operation", operations(), ids=lambda each: each.label)
class TestEveryOperation:
    @pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
    @pytest.mark.proves("PA06")
    def test_answers_whatever_comes_as_described(self, operation, mode, roomy, request):
        if operation.path in SKIPPED:
            pytest.skip("ends the token it is asked with")
        is_for_login = operation.path.endswith("customer/add")
        user = UserFactory() if is_for_login else (
            DepositAccountFactory(balance="3000").customer.user
        )  # fmt: skip
        program, booked = Program(user=user), Entry.objects.count()

        @QUIET
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case):
            cache.clear()
            judge(ask(program, case), operation)

        with suppress(Unsatisfiable):  # There is no wrong way to ask for something without facts.
            run()
        assert Entry.objects.count() == booked

    def test_opens_nothing_without_a_token(self, operation, roomy):
        if not operation.definition.raw.get("security"):
            pytest.skip("open to everybody")
        path = reference.filled(operation.path, dict.fromkeys(
            ("number", "receipt_no"), "0010010000000"
        ) | {"public_id": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"})  # fmt: skip
        answer = Program().send(operation.method.upper(), path, "{}")
        assert answer.status_code == 401
        assert answer.json()["error_code"] == "NOT_AUTHENTICATED"

    def test_knows_no_other_method(self, operation, roomy):
        path = reference.filled(operation.path, dict.fromkeys(
            ("number", "receipt_no"), "0010010000000"
        ) | {"public_id": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"})  # fmt: skip
        known = {each.method.upper() for each in operations() if each.path == operation.path}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
            answer = Program().send(method, path)
            assert (answer.status_code, answer.json()["error_code"]) == (405, "METHOD_NOT_ALLOWED")
