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


def schedule_of(html: str) -> list[list[str]]:
    """The rows of the schedule: when, all, principal, interest and what is still owed."""
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def figure(words: str) -> float:
    return float(words.replace(",", ""))


def drawn(html: str) -> list[list[tuple[float, float]]]:
    """
    What the bars of principal and of interest stand for, each with what a tenth of a unit is: as
    high as the lines say that they lie on.
    """
    chart = html.split('<svg viewBox="0 0 320 132"')[1].split("</svg>")[0]
    lines = re.findall(r'<text x="36" y="([\d.]+)"[^>]*>([\d.]+)([km]?)<', chart)
    marks = {float(y): float(one) * {"": 1, "k": 1e3, "m": 1e6}[unit] for y, one, unit in lines}
    floor, top = max(marks), min(marks)
    unit = marks[top] / (floor - top)
    bars = re.findall(r'"b([12])"[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"', chart)
    assert all(float(y) + float(high) == pytest.approx(floor, abs=0.11) for _one, y, high in bars)
    return [
        [(float(high) * unit, 0.11 * unit) for one, _y, high in bars if one == series]
        for series in "12"
    ]


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

    @pytest.mark.parametrize(
        ("asked", "is_yearly"),
        [({"product": "PERS", "amount": "100000", "tenor": "12"}, False),
         ({"product": "MORT", "amount": "5000000", "tenor": "60"}, True)],
    )  # fmt: skip
    def test_draws_what_the_schedule_says(self, asked, is_yearly):
        """A pair of bars for each instalment, or year, as high as the figures."""
        html = ask(**asked).content.decode()

        wanted: dict[str, list] = {}
        for number, (due, _pays, principal, interest, _left) in enumerate(schedule_of(html)):
            pair = wanted.setdefault(due[-4:] if is_yearly else str(number), [0, 0])
            pair[0], pair[1] = pair[0] + figure(principal), pair[1] + figure(interest)
        assert [len(bars) for bars in drawn(html)] == [len(wanted)] * 2
        for bars, figures in zip(drawn(html), zip(*wanted.values(), strict=True), strict=True):
            for (height, error), one in zip(bars, figures, strict=True):
                assert height == pytest.approx(one, abs=error)
        assert ("By year" if is_yearly else "By instalment") in html

    def test_draws_nothing_of_one_payment(self):
        assert "wk-chart" not in ask(product="DIGI30", amount="5000", tenor="30").content.decode()

    def test_speaks_swahili(self):
        client = Client(headers={"accept-language": "sw"})

        shown = text(client.get(PAGE))

        assert "Utapata KES 5,000.00" in shown

    def test_stands_in_the_frame_of_whoever_is_signed_in(self):
        client = Client()
        client.force_login(CustomerFactory().user)

        assert "Log out" in text(client.get(PAGE))
