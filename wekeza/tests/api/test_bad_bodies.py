"""
Bad input for every operation that takes a body (G12): no fault of ours, every refusal in the
envelope, and nothing booked, made or changed.
"""

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection

from wekeza.tests.api import fuzzing
from wekeza.tests.api.steps import ENVELOPE

pytestmark = pytest.mark.django_db
DEEP = "[" * 200 + "]" * 200
WHOLE = {
    "not JSON": "{",
    "nothing": "null",
    "a list": "[]",
    "a text": '"x"',
    "a number": "1e400",
    "NaN": '{"a": NaN}',
    "Infinity": '{"a": -Infinity}',
    "a huge number": '{"a": ' + "9" * 5000 + "}",
    "a huge exponent": '{"a": 1e999999999}',
    "too deep": '{"a": ' + DEEP + "}",
    "too deep in objects": '{"a":' * 200 + "1" + "}" * 200,
    "two of a name": '{"a": 1, "a": 2}',
    "a name hidden by an escape": '{"a": 1, "\\u0061": 2}',
    "not UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a mark in front": b'\xef\xbb\xbf{"a": 1}',
    "two at once": "{}{}",
    "a comment": "{/* */}",
    "a comma too many": '{"a": 1,}',
    "too long": '{"a": "' + "x" * 70_000 + '"}',
    "an unknown name": '{"is_staff": true}',
    "its class": '{"__proto__": {"admin": true}, "constructor": 1}',
}
VALUES = [
    "null", "true", "0", "-1", "1.5", "1e400", "99999999999999999999999999999999999", "[]", "{}",
    "[[[]]]", '{"amount": 5, "currency": "KES"}', '{"amount": "NaN", "currency": "KES"}',
    '{"amount": "1e5", "currency": "KES"}', '{"amount": "-5.00", "currency": "KES"}', '""', '" "',
    '"\\u0000"', '"\\ud800"', '"\\u202e"', '"' + "x" * 10_000 + '"', "\"' OR 1=1 --\"",
    '"../../etc/passwd"', '"\u0665\u0660\u0660"', '"9999-12-31"', '"0001-01-01"',
    '"2026-02-30"', '"00000000-0000-0000-0000-000000000000"',
]  # fmt: skip
TAKING = [
    each
    for each in fuzzing.operations()
    if "application/json" in each.definition.raw.get("requestBody", {}).get("content", {})
]
# What a refused call may leave: the log, who came, what was counted, and texts that were sent.
MARKS = {"accounts.apicall", "accounts.loginevent", "accounts.partnerusage"}


def counted():
    """How many rows every table of ours has."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in ("ledger", "accounts", "payments")
        and model._meta.label_lower not in MARKS
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)
        )
        return dict(cursor.fetchall())


@pytest.fixture(autouse=True)
def roomy(settings):
    settings.API_PER_MINUTE = dict.fromkeys(settings.API_PER_MINUTE, 100_000)
    settings.ACCOUNT_RATE_LIMITS = {}


class TestEveryBody:
    def test_there_are_bodies(self):
        assert len(TAKING) > 20

    @pytest.mark.parametrize("operation", TAKING, ids=lambda each: each.label)
    def test_that_is_bad_is_refused_and_changes_nothing(self, operation, request):
        rule = fuzzing.rule_of(operation)
        if rule == "partner":
            request.getfixturevalue("demo_bank")
        program, path = fuzzing.OF_KIND[rule]().program, fuzzing.path_of(operation)
        schema = fuzzing.body_of(operation)
        bodies = dict(WHOLE)
        for name in schema["properties"]:
            for value in VALUES:
                bodies[f"{name}: {value[:40]}"] = f'{{"{name}": {value}}}'
        key, before = {"Idempotency-Key": "k" * 20}, counted()

        for what, body in bodies.items():
            cache.clear()
            answer = program.send(operation.method.upper(), path, body, **key)
            assert 400 <= answer.status_code < 500 or what in takes(operation), (
                what,
                answer.status_code,
                answer.content,
            )
            if answer.status_code >= 400:
                told = answer.json()
                assert set(told) == ENVELOPE, what
                assert told["status_code"] == answer.status_code

        if not takes(operation):
            assert counted() == before


def takes(operation) -> set[str]:
    """Bodies that are sound for operations whose every field may be left out."""
    required = fuzzing.body_of(operation).get("required", [])
    if required:
        return set()
    names = fuzzing.body_of(operation)["properties"]
    return {f"{name}: {value[:40]}" for name in names for value in VALUES}
