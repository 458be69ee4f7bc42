"""The description of the API and the pages that explain it."""

import json
import re

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from accounts.factories import DepositAccountFactory
from accounts.gateway import reference
from accounts.partners.models import PartnerScope
from wekeza.tests.api.steps import ENVELOPE, Program

pytestmark = pytest.mark.django_db
LITERAL = {
    "/token", "/users/me", "/accounts/me", "/accounts/deposit", "/wallet/deposit",
    "/transactions/history", "/api/v1/auth/register", "/api/v1/auth/login",
    "/api/v1/customer/add", "/api/v1/customer/customer/add",
}  # fmt: skip


class TestTheDescription:
    @pytest.mark.proves("PA01", "PA03", "PA06")
    def test_is_valid_and_names_every_literal_address_of_the_mission(self, client):
        told = client.get("/openapi.json").json()

        validate_schema(told)
        assert told["openapi"].startswith("3.")
        assert set(told["paths"]) >= LITERAL
        assert told["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"

    def test_is_made_without_a_warning(self):
        GENERATOR_STATS.reset()
        SchemaGenerator().get_schema(request=None, public=True)
        assert not GENERATOR_STATS

    def test_shows_the_envelope_for_every_error_of_every_operation(self):
        for path, methods in reference.schema()["paths"].items():
            for told in methods.values():
                wrong = {status for status in told["responses"] if status >= "400"}
                assert {"405", "422", "429", "500"} <= wrong, path
                for status in wrong:
                    content = told["responses"][status]["content"]["application/json"]
                    assert content["schema"]["$ref"].endswith("/Problem")
                    for example in _examples(told["responses"][status]):
                        assert set(example["value"]) == ENVELOPE
                        assert example["value"]["status_code"] == int(status)

    def test_asks_partners_for_scopes_that_exist_where_their_tokens_are_known(self):
        known = set(PartnerScope.objects.values_list("code", flat=True))
        asked = {}
        for path, methods in reference.schema()["paths"].items():
            for told in methods.values():
                scope = re.search(r"Partners need the scope `(.+)`", told.get("description", ""))
                if scope:
                    asked[path] = scope[1]

        assert set(asked.values()) == known
        assert all(path.startswith("/api/v1/partner/") for path in asked)

    def test_shows_the_missions_figures(self):
        [path] = [each for each in reference.schema()["paths"] if each.endswith("transfers/")]
        told = reference.schema()["paths"][path]["post"]["responses"]["400"]
        examples = [each["value"] for each in _examples(told)]
        [example] = [each for each in examples if each["error_code"] == "INSUFFICIENT_FUNDS"]
        figures = {name: example["details"][name] for name in ("required", "available", "deficit")}
        assert figures == {"required": "5000.00", "available": "3000.00", "deficit": "2000.00"}

    @pytest.mark.parametrize(
        ("ending", "code"),
        [
            ("auth/login", "NO_AUTHENTICATOR"),
            ("auth/login", "CODE_USED"),
            ("/authorise", "CODE_USED"),
            ("/authorise", "CODE_REPLACED"),
        ],
    )
    def test_names_what_is_said_of_codes(self, ending, code):
        paths = reference.schema()["paths"]
        [told] = [each for path, each in paths.items() if path.endswith(ending)]

        assert f"`{code}`" in told["post"]["responses"]["409"]["description"]


class TestThePages:
    @pytest.mark.proves("PA01")
    def test_lead_to_every_operation(self, client):
        page = client.get("/docs").content.decode()

        for entry in reference.entries():
            assert f"/docs/{entry.id}" in page
            told = client.get(f"/docs/{entry.id}")
            assert told.status_code == 200
            assert entry.path in told.content.decode()

    def test_name_every_error_code_once(self, client):
        page = client.get("/docs/errors").content.decode()

        for code in ("INSUFFICIENT_FUNDS", "TOKEN_REUSED", "IDEMPOTENCY_KEY_MISSING"):
            assert page.count(f"<code>{code}</code>") == 1

    def test_try_an_operation_without_scripts(self, client):
        account = DepositAccountFactory(balance="3000")
        token = Program(user=account.customer.user).tokens["access_token"]

        page = client.post("/docs/get_accounts_me", {"token": token})

        assert page.context["answer"].status == 200
        assert account.number in page.content.decode()
        assert "no-store" in page["Cache-Control"]

    def test_show_what_the_api_refuses(self, client):
        body = json.dumps({"money": {"amount": "5.00", "currency": "KES"}})
        page = client.post("/docs/post_accounts_deposit", {"token": "", "key": "", "body": body})

        assert page.context["answer"].status == 401
        assert "NOT_AUTHENTICATED" in page.content.decode()

    def test_use_no_session_of_the_reader(self, client):
        client.force_login(DepositAccountFactory().customer.user)

        page = client.post("/docs/get_accounts_me", {"token": "", "send": "1"})

        assert page.context["answer"].status == 401

    @pytest.mark.parametrize("number", ["../../docs", "%2e%2e%2f", "<b>", "0010010000000"])
    def test_reach_no_other_address_than_the_operations(self, client, number):
        account = DepositAccountFactory()
        token = Program(user=account.customer.user).tokens["access_token"]

        page = client.post("/docs/get_api_v1_accounts_number", {"token": token, "p_number": number})

        assert page.context["answer"].status == 404
        assert "<b>" not in page.content.decode()

    def test_of_nothing_are_not_found(self, client):
        assert client.get("/docs/nothing").status_code == 404


def _examples(answer):
    return answer["content"]["application/json"]["examples"].values()
