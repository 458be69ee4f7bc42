from datetime import date

import pytest

from accounts.registry import simulator
from accounts.registry.answers import Facts, Result
from accounts.registry.iprs.client import Client as Iprs
from accounts.registry.phone_owner.client import Client as PhoneOwner
from accounts.registry.tests.conftest import TOKEN
from wekeza.kit import questions

REQUEST = "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"
GRACE = {
    "id_number": "28117731",
    "first_name": "GRACE",
    "other_name": "WANJIKU",
    "surname": "MWANGI",
    "date_of_birth": "1991-11-02",
    "gender": "F",
    "date_of_death": "",
    "phone": "+254722000418",
    "phone_owner": "Grace Wanjiku Mwangi",
}
FACTS = Facts("Grace Wanjiku Mwangi", "28117731", date(1991, 11, 2), "+254722000418")


@pytest.fixture
def told():
    with simulator.running(simulator.Register(TOKEN, [dict(GRACE)])) as register:
        yield register


def find(told, national_id="28117731", token=TOKEN):
    return Iprs(told.url, token).find(national_id=national_id, request_id=REQUEST)


def match(told, facts=FACTS, token=TOKEN):
    return PhoneOwner(told.url, token).match(facts, request_id=REQUEST)


ASKERS = [pytest.param(find, id="register"), pytest.param(match, id="network")]


class TestTheRegister:
    def test_says_who_has_an_id(self, told):
        answer = find(told)

        assert answer.result == Result.FOUND
        assert answer.names == ("GRACE", "WANJIKU", "MWANGI")
        assert answer.born == date(1991, 11, 2)
        assert not answer.is_deceased

    def test_is_told_nothing_but_the_number(self, told):
        find(told)

        asked = told.asked[0]
        assert {name for name in asked if name not in {"path", "headers"}} == {"id_number"}
        assert asked["headers"]["X-Request-Id"] == REQUEST

    def test_says_that_somebody_died(self, told):
        told.people[0]["date_of_death"] = "2019-02-11"

        assert find(told).is_deceased

    def test_says_that_nobody_has_it(self, told):
        assert find(told, "99999999").result == Result.NOT_FOUND

    def test_may_write_dates_as_older_systems_do(self, told):
        told.people[0]["date_of_birth"] = "11/2/1991 12:00:00 AM"

        assert find(told).born == date(1991, 11, 2)

    @pytest.mark.parametrize(
        "facts",
        [{"date_of_birth": "soon"}, dict.fromkeys(["first_name", "other_name", "surname"], "")],
    )
    def test_that_says_too_little_has_not_answered(self, told, facts):
        told.people[0] |= facts

        assert find(told).result == Result.NO_ANSWER


class TestTheNetwork:
    def test_says_that_the_phone_is_theirs(self, told):
        answer = match(told)

        assert answer.result == Result.FOUND
        assert answer.scores == {"names": 100, "national_id": 100, "date_of_birth": 100}
        assert told.asked[0]["headers"]["x-correlator"] == REQUEST

    def test_says_which_name_differs_and_how_much(self, told):
        told.people[0]["phone_owner"] = "Grace Wanjiku Otieno"

        answer = match(told)

        assert answer.differing == ("Mwangi",)
        assert 0 < answer.scores["names"] < 100

    def test_says_that_it_has_no_such_phone(self, told):
        other = Facts("Grace Mwangi", "28117731", date(1991, 11, 2), "+254722000419")

        assert match(told, other).result == Result.NOT_FOUND


class TestNoAnswer:
    @pytest.mark.parametrize("ask", ASKERS)
    @pytest.mark.parametrize("behaviour", ["down", "garbled", "cut"])
    def test_is_neither_yes_nor_no(self, told, ask, behaviour):
        told.behaviour = behaviour

        answer = ask(told)

        assert answer.result == Result.NO_ANSWER
        assert answer.error

    @pytest.mark.parametrize("ask", ASKERS)
    def test_is_a_silence_too_which_is_not_repeated_at_once(self, told, ask, monkeypatch):
        monkeypatch.setattr(questions, "READ_SECONDS", 0.2)
        told.behaviour, told.silence_seconds = "silent", 0.6

        answer = ask(told)

        assert (answer.result, answer.error) == (Result.NO_ANSWER, "ReadTimeout")
        assert len(told.asked) == 1

    @pytest.mark.parametrize("ask", ASKERS)
    def test_of_a_busy_provider_is_asked_for_once_more(self, told, ask):
        told.behaviour = "down"
        ask(told)

        assert len(told.asked) == questions.TRIES

    @pytest.mark.parametrize("ask", ASKERS)
    def test_is_what_a_wrong_credential_gets(self, told, ask):
        assert ask(told, token="stolen").error == "HTTP 401"
        assert told.asked == []

    def test_is_what_a_stopped_provider_gives(self, told):
        told.url = "http://127.0.0.1:9"

        assert find(told).error == "ConnectionError"

    def test_is_an_answer_without_end(self, told, monkeypatch):
        monkeypatch.setattr(questions, "ANSWER_BYTES_MOST", 20)

        assert find(told).error == "too long"

    def test_is_an_answer_about_somebody_else(self, told, monkeypatch):
        monkeypatch.setattr(simulator.Register, "person", lambda self, **wanted: self.people[0])

        assert find(told, "11111111").error == "answered about another ID"
