"""The bureau's client over real HTTP: what is read out of reports, and what is no answer."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from lending.bureau import parse
from lending.bureau.answers import Result, Standing
from lending.bureau.client import Client, signed
from lending.bureau.simulator import file_of
from wekeza.kit import questions
from wekeza.kit.questions import Reply

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
ID = "29384756"
# The bureau's own published example: a default that was settled, two accounts in good order.
PUBLISHED = {
    "account_info": [
        {"delinquency_code": "005", "days_in_arrears": 0, "last_payment_date": "2014-08-15"},
        {"delinquency_code": "003", "days_in_arrears": 0, "last_payment_date": "2014-04-29"},
        {"delinquency_code": "003", "days_in_arrears": 0, "last_payment_date": "2014-08-29"},
    ],
    "api_code": None, "has_error": False, "has_fraud": False, "credit_score": 501,
    "delinquency_code": "005", "identity_number": "880000088", "identity_type": "001",
    "lender_sector": {
        "sector_bank": {"account_npa": 0, "account_performing": 1,
                        "account_performing_npa_history": 0},
        "sector_other": {"account_npa": 0, "account_performing": 1,
                         "account_performing_npa_history": 0},
    },
    "no_of_enquiries": {"last_12_months": 0, "last_3_months": 0, "last_6_months": 0},
    "trx_id": "e19fdf9b-1893-4e89-bdd7-94630a6d8b78",
}  # fmt: skip


def ask(bureau, *, private_key="private", national_id=ID):
    client = Client(bureau.url, "public", private_key)
    return client.report_on(number=national_id, amount=5000, at=AT)


class TestAReport:
    @pytest.mark.parametrize(
        ("file", "standing"),
        [
            ({"good": 1}, Standing.CLEAN),
            ({"good": 2}, Standing.CLEAN_WITH_GOOD),
            ({}, Standing.THIN),
            ({"good": 5, "open_npl": 1}, Standing.OPEN_NPL),
            ({"good": 5, "settled": 1, "settled_on": "2026-03-01"}, Standing.SETTLED_DEFAULT),
            ({"good": 5, "settled": 1, "settled_on": "2025-11-19"}, Standing.SETTLED_OLDER),
            ({"good": 5, "settled": 1}, Standing.SETTLED_DEFAULT),  # It does not say when.
        ],
    )
    def test_says_how_somebody_stands_the_worst_first(self, bureau, file, standing):
        bureau.files[ID] = file_of(**file, enquiries=4)

        found = ask(bureau)

        assert (found.result, found.standing) == (Result.FOUND, standing)
        assert found.enquiries_3_months == 4
        assert found.reference and json.loads(found.raw)["identity_number"] == ID

    @pytest.mark.parametrize(
        ("on", "settled_on", "standing"),
        [
            # On the last day of a month the year before it ends on its own last day.
            ((2026, 11, 30), "2025-11-29", Standing.SETTLED_OLDER),
            ((2026, 11, 30), "2025-11-30", Standing.SETTLED_DEFAULT),
            ((2028, 2, 29), "2027-02-27", Standing.SETTLED_OLDER),
            ((2028, 2, 29), "2027-02-28", Standing.SETTLED_DEFAULT),
        ],
    )
    def test_counts_a_year_back_to_the_day(self, on, settled_on, standing):
        file = file_of(settled=1, settled_on=settled_on)
        reply = Reply(200, json.dumps(PUBLISHED | file))

        found = parse.report(reply, number="880000088", at=datetime(*on, 9, tzinfo=UTC))

        assert found.standing == standing

    def test_counts_the_days_of_nairobi(self):
        file = file_of(settled=1, settled_on="2025-11-20")
        reply = Reply(200, json.dumps(PUBLISHED | file))

        found = parse.report(reply, number="880000088", at=datetime(2026, 11, 20, 22, tzinfo=UTC))

        assert found.standing == Standing.SETTLED_OLDER

    def test_of_nobody_they_know_is_thin(self, bureau):
        found = ask(bureau)

        assert (found.result, found.standing) == (Result.FOUND, Standing.THIN)
        assert bureau.asked == [
            {"report_type": 8, "identity_number": ID, "identity_type": "001",
             "loan_amount": 5000, "report_reason": 1}
        ]  # fmt: skip

    def test_is_read_as_the_bureau_publishes_it(self):
        reply = Reply(200, json.dumps(PUBLISHED))

        found = parse.report(reply, number="880000088", at=AT)

        assert (found.standing, found.enquiries_3_months) == (Standing.CLEAN_WITH_GOOD, 0)
        assert found.reference == PUBLISHED["trx_id"]


class TestNoAnswer:
    @pytest.mark.parametrize("behaviour", ["down", "silent", "garbled", "cut"])
    def test_is_what_a_bureau_in_trouble_gives(self, bureau, behaviour, monkeypatch):
        monkeypatch.setattr(questions, "READ_SECONDS", 0.2)
        bureau.behaviour, bureau.silence_seconds = behaviour, 0.5

        found = ask(bureau)

        assert (found.result, found.standing) == (Result.NO_ANSWER, None)
        assert found.error

    def test_is_what_a_wrong_signature_gives(self, bureau):
        found = ask(bureau, private_key="other")

        assert (found.result, found.error) == (Result.NO_ANSWER, "E027")

    @pytest.mark.parametrize(
        "other",
        [
            {"identity_number": "1"},
            {"has_error": True, "api_code": "E029"},
            {"has_error": None},
            {"lender_sector": None},
            {"lender_sector": {"sector_bank": {"account_npa": "0"}}},
            {"lender_sector": {"sector_bank": {"account_npa": -1}}},
            {"no_of_enquiries": None},
        ],
    )
    def test_is_what_nobody_can_understand(self, other):
        reply = Reply(200, json.dumps(PUBLISHED | other))

        found = parse.report(reply, number="880000088", at=AT)

        assert (found.result, found.standing) == (Result.NO_ANSWER, None)

    @pytest.mark.parametrize("text", ["[" * 60_000, '{"a":' * 10_000, "9" * 5000, "[]", ""])
    def test_is_what_is_no_object_of_json(self, text):
        found = parse.report(Reply(200, text), number="880000088", at=AT)

        assert (found.result, found.error) == (Result.NO_ANSWER, "HTTP 200")

    def test_is_a_bureau_that_is_not_there(self):
        found = Client("http://127.0.0.1:1", "a", "b").report_on(number=ID, amount=1, at=AT)

        assert found.result == Result.NO_ANSWER


class TestTheSignature:
    def test_is_over_keys_body_and_moment(self):
        headers = signed("{}", at=AT, public_key="public", private_key="private")

        moment = "20261120090000000000"
        assert headers["X-METROPOL-REST-API-TIMESTAMP"] == moment
        whole = f"private{{}}public{moment}"
        assert headers["X-METROPOL-REST-API-HASH"] == sha256(whole.encode()).hexdigest()
