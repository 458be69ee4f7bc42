"""
The description of the API asked by a machine (Schemathesis): what it makes up, how it is sent, and
what every answer must be like. Tests run it at CI size, `./bank drill fuzz` for longer.
"""

import json

import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import resolve
from rest_framework.test import APIRequestFactory

from accounts.gateway import reference
from wekeza.tests import policy
from wekeza.tests.api import principals
from wekeza.tests.api.steps import ENVELOPE

SAMPLES = dict.fromkeys(("number", "receipt_no", "token"), "0010010000000") | {
    "code": "TELLER",
    "public_id": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
}
ENDS_ITSELF = {"/api/v1/auth/logout", "/api/v1/auth/logout/everywhere"}  # The asker's own token.
OF_KIND = {
    "open": principals.nobody,
    "person": principals.customer,
    "customer": principals.customer,
    "login": principals.login,
    "staff": lambda: principals.staff("COMPLIANCE"),
    "partner": principals.partner,
}


def operations() -> list:
    """This will give every operation of the description."""
    schema = schemathesis.openapi.from_dict(reference._schema("en"))
    return [found.ok() for found in schema.get_all_operations()]


def path_of(operation) -> str:
    """This will give the address of an operation about things that are not there."""
    return reference.filled(operation.path, SAMPLES)


def rule_of(operation) -> str:
    """This will give the kind of principal that an operation is for, as the policy says."""
    name = resolve(path_of(operation)).view_name
    return policy.API[name][operation.method.upper()].partition(":")[0]


def body_of(operation) -> dict:
    """This will give the schema of an operation's JSON body."""
    made = reference._schema("en")
    told = operation.definition.raw["requestBody"]["content"]["application/json"]["schema"]
    return reference._resolved(made, told)


def ask(program, case):
    """This will send a made-up case with a program's own token."""
    path = case.formatted_path
    query = {name: str(value) for name, value in (case.query or {}).items()}
    headers = {
        name: value
        for name, value in (case.headers or {}).items()
        if name.lower() not in ("authorization", "content-type")
        and isinstance(value, str)
        and value.isascii()
        and value.isprintable()
    }
    body, kind = _written(case)
    asked = APIRequestFactory().get("/", query).META["QUERY_STRING"]
    return program.client.generic(
        case.method,
        f"{path}?{asked}" if asked else path,
        body,
        content_type=kind,
        headers=program.headers | headers,
    )


def judge(answer, operation) -> None:
    """This will fail unless an answer is one that the description tells of, in its shape."""
    told = operation.definition.raw["responses"]
    assert answer.status_code < 500, (answer.status_code, answer.content)
    assert str(answer.status_code) in told, (answer.status_code, answer.content, sorted(told))
    if answer.status_code >= 400:
        body = answer.json()
        assert set(body) == ENVELOPE, body
        assert body["status_code"] == answer.status_code
        shown = told[str(answer.status_code)]["content"]["application/json"]["examples"]
        codes = {each["value"]["error_code"] for each in shown.values()}
        assert body["error_code"] in codes, (body["error_code"], codes)


def _written(case) -> tuple:
    body = case.body
    if case.media_type == "multipart/form-data":
        if isinstance(body, dict):
            fields = {name: _field(name, value) for name, value in body.items()}
            return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT
        return (body if isinstance(body, bytes) else str(body)), MULTIPART_CONTENT
    if isinstance(body, bytes):
        return body, "application/json"
    return "" if type(body).__name__ == "NotSet" else json.dumps(body), "application/json"


def _field(name, value):
    if name == "file" or isinstance(value, bytes):
        content = value if isinstance(value, bytes) else str(value).encode()
        return SimpleUploadedFile("made-up", content)
    return str(value)
