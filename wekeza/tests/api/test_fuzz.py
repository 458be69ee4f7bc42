"""
The whole description, asked with good and bad bodies that a machine makes up, once by each kind of
principal (G10 at CI size; larger is `./bank drill fuzz`): no fault of ours, every refusal in the
envelope, every status and body as described, nothing without a token, nothing moved by what was
refused.
"""

from contextlib import suppress

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from ledger.journal.models import Entry
from wekeza.tests.api import fuzzing, principals
from wekeza.tests.api.steps import Program

pytestmark = pytest.mark.django_db
EXAMPLES, OF_STRANGERS = 12, 3
OPERATIONS = fuzzing.operations()
CLOSED = [each for each in OPERATIONS if each.definition.raw.get("security")]
STRANGERS = {"nobody": principals.nobody, "revoked": principals.revoked}


def quiet(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def roomy(db, settings):
    settings.API_PER_MINUTE = dict.fromkeys(settings.API_PER_MINUTE, 100_000)
    settings.ACCOUNT_RATE_LIMITS = {}
    with connection.cursor() as cursor:  # Making requests up may take longer than a bank waits.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def run(operation, mode, program, examples, judge):
    @quiet(examples)
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case):
        cache.clear()
        judge(fuzzing.ask(program, case), operation)

    with suppress(Unsatisfiable):  # There is no wrong way to ask for something without facts.
        one()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
class TestEveryOperation:
    @pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
    @pytest.mark.proves("PA06")
    def test_answers_those_it_is_for_as_described(self, operation, mode, roomy, request):
        if operation.path in fuzzing.ENDS_ITSELF:
            pytest.skip("ends the token it is asked with")
        rule = fuzzing.rule_of(operation)
        if rule == "partner":
            request.getfixturevalue("demo_bank")
        program = fuzzing.OF_KIND[rule]().program
        booked = Entry.objects.count()

        run(operation, mode, program, EXAMPLES, fuzzing.judge)

        assert Entry.objects.count() == booked

    def test_knows_no_other_method(self, operation, roomy):
        path = fuzzing.path_of(operation)
        known = {each.method.upper() for each in OPERATIONS if each.path == operation.path}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
            answer = Program().send(method, path)
            assert (answer.status_code, answer.json()["error_code"]) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("who", STRANGERS)
class TestStrangers:
    @pytest.mark.proves("IA05", "IA35")
    def test_open_nothing_however_they_ask(self, who, roomy):
        program = STRANGERS[who]().program

        def judge(answer, operation):
            assert answer.status_code == 401, (operation.label, answer.content)
            fuzzing.judge(answer, operation)

        for operation in CLOSED:
            run(operation, GenerationMode.POSITIVE, program, OF_STRANGERS, judge)
