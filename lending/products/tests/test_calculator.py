"""The calculator's door: for anybody, by its address alone, in both languages."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.factories import CustomerFactory
from accounts.statements.tests.test_doors import text

pytestmark = pytest.mark.django_db
PAGE = "/borrow/calculator/"


def ask(**facts):
    return Client().get(PAGE, facts)


class TestTheCalculator:
    @pytest.mark.proves("BW31")
    def test_answers_anybody_by_its_address(self):
        shown = text(ask(shown="DIGI30", product="DIGI30", amount="5,000", tenor="30"))

        assert "You get KES 5,000.00" in shown
        assert "KES 250.00" in shown and "KES 5,250.00" in shown
        assert "5%, once" in shown and "Nothing is taken before you get it." in shown

    def test_begins_with_an_example(self):
        answer = ask()

        assert answer.status_code == 200
        assert "KES 5,250.00" in text(answer)

    def test_asks_for_the_rest_anew_when_another_product_is_chosen(self):
        answer = ask(shown="DIGI30", product="PERS", amount="5000", tenor="30")

        assert answer.status_code == 200
        shown = text(answer)
        assert "Personal loan" in shown and "Each month" in shown
        assert "18% a year" in shown  # Of several prices the highest, until one is chosen.

    def test_keeps_an_address_that_names_everything_but_the_page_before(self):
        shown = text(ask(product="PERS", price="850", amount="100000", tenor="12"))

        assert "12% a year" in shown
        assert "KES 98,000.00" in shown and "with KES 333.33 of excise duty" in shown

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"amount": "9999"}, "This loan is for KES 10,000.00 to KES 500,000.00."),
            ({"amount": "500000.01"}, "This loan is for KES 10,000.00 to KES 500,000.00."),
            ({"amount": "many"}, "Enter the amount in shillings"),
            ({"tenor": "2"}, "This loan is for 3 to 60 months."),
            ({"tenor": "61"}, "This loan is for 3 to 60 months."),
            ({"tenor": ""}, "Enter a number, like 12"),
            ({"tenor": "a year"}, "Enter a number, like 12"),
        ],
    )
    def test_refuses_with_the_figures_and_keeps_what_was_typed(self, facts, words):
        usual = {"shown": "PERS", "product": "PERS", "amount": "100000", "tenor": "12"}

        answer = ask(**usual | facts)

        assert answer.status_code == 422
        assert words in text(answer)
        assert "What you pay and when" not in text(answer)
        for name, typed in (usual | facts).items():
            if name in ("amount", "tenor") and typed:
                assert f'value="{typed}"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"product": "GOLD"}, "Choose a loan of the list"),
            ({"product": "PERS", "price": "zzz"}, "Choose one of the list"),
        ],
    )
    def test_names_a_choice_that_is_not_there(self, facts, words):
        answer = ask(**facts)

        assert answer.status_code == 422
        assert words in text(answer) and "You repay" not in text(answer)

    def test_keeps_what_was_typed_when_another_product_is_chosen(self):
        shown = text(ask(shown="DIGI30", product="PERS", amount="250000", tenor="24"))

        assert "Personal loan · 24 months" in shown
        assert "KES 250,000.00 less the fee of KES 5,000.00" in shown

    def test_takes_an_example_only_for_what_is_missing(self):
        assert "Personal loan · 24 months" in text(ask(product="PERS", tenor="24"))
        assert "12% a year" in text(ask(product="PERS", price="850"))

    @pytest.mark.parametrize("tenor", ["0", "-1", "1_2", "12.0", "9" * 4000, "١٢"])
    def test_takes_a_number_of_months_and_nothing_else(self, tenor):
        answer = ask(product="PERS", tenor=tenor)

        assert answer.status_code == 422
        shown = text(answer)
        assert "Enter a number, like 12" in shown or "This loan is for 3 to 60 months." in shown

    def test_asks_as_many_queries_for_three_hundred_months_as_for_three(
        self, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(8):
            answer = ask(product="MORT", amount="5000000", tenor="300")

        assert answer.status_code == 200

    def test_says_so_when_nothing_is_lent(self):
        with time_machine.travel(datetime(2024, 6, 1, tzinfo=UTC)):
            answer = ask()

        assert answer.status_code == 503
        assert "The bank lends nothing today" in text(answer)

    def test_is_not_asked_all_day_by_one_network(self):
        with time_machine.travel(timezone.now(), tick=False):  # The minute does not change.
            answers = [ask().status_code for _ in range(61)]

        assert answers == [200] * 60 + [429]

    def test_shows_the_whole_schedule_and_its_sums(self):
        answer = ask(product="EMER", amount="10000", tenor="3")

        rows = re.findall(r"<tr><th scope=\"row\"", answer.content.decode())
        assert len(rows) == 3 + 1
        assert "Principal and interest" in text(answer)

    def test_speaks_swahili(self):
        client = Client(headers={"accept-language": "sw"})

        shown = text(client.get(PAGE))

        assert "Utapata KES 5,000.00" in shown

    def test_stands_in_the_frame_of_whoever_is_signed_in(self):
        client = Client()
        client.force_login(CustomerFactory().user)

        assert "Log out" in text(client.get(PAGE))
