"""The parts that pages are built from write figures, words and forms as ux.md 3.3 says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.utils import translation

from wekeza.kit import words
from wekeza.kit.form_fields import DateBoxesField
from wekeza.kit.rows import Row

BALANCE = (Decimal("48250.5"), "KES")
NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # 12:00 in Nairobi.


def render(source, hides=False, **context):
    user = SimpleNamespace(hides_balances=hides, theme="auto", is_authenticated=True)
    request = SimpleNamespace(user=user, path="/move/", htmx=False, COOKIES={})
    return Template(source).render(Context({"request": request, **context}))


class TestMoney:
    def test_shows_currency_thousands_and_two_decimals(self):
        html = render("{% money balance %}", balance=BALANCE)

        assert '<abbr class="cur" title="Kenyan shillings">KES</abbr>48,250' in html
        assert '<span class="min">.50</span>' in html

    @pytest.mark.parametrize(
        ("sign", "lead"), [("in", "Money in </span>+"), ("out", "Money out </span>\u2212")]
    )
    def test_tells_direction_by_sign_and_word(self, sign, lead):
        assert lead in render("{% money balance sign=sign %}", balance=BALANCE, sign=sign)

    def test_rounds_half_up_to_the_coin(self):
        assert "0<" in render("{% money x %}", x=(Decimal("0.0049"), "KES"))
        assert words.plain((Decimal("0.0050"), "KES")) == "KES\u00a00.01"

    def test_writes_no_cents_where_the_currency_has_none(self):
        assert words.plain((Decimal(1500), "UGX")) == "UGX\u00a01,500"

    def test_a_debt_carries_a_true_minus(self):
        assert words.plain((Decimal("-20"), "KES")) == "KES\u00a0\u221220.00"


class TestPrivateMode:
    @pytest.mark.parametrize(
        "part",
        [
            "{% money balance %}",
            "{% money balance sign='in' size='hero' %}",
            "{% money_text balance %}",
            "{% limit_meter label='Daily limit' used=balance cap=balance %}",
        ],
    )
    def test_the_page_holds_no_digit_of_the_balance(self, part):
        shown = render(part, balance=BALANCE)
        hidden = render(part, hides=True, balance=BALANCE)

        assert "48,250.50" in shown.replace('<span class="min">', "")
        assert "••••••" in hidden
        assert "250.50" not in hidden.replace('<span class="min">', "")

    def test_small_and_large_sums_look_the_same(self):
        small = render("{% money x %}", hides=True, x=(Decimal(1), "KES"))
        large = render("{% money x %}", hides=True, x=(Decimal(9_000_000), "KES"))

        assert small == large

    def test_rows_hide_amount_and_balance(self):
        row = Row(
            who="Grace",
            at=NOON,
            money=(Decimal(777), "KES"),
            direction="out",
            balance_after=BALANCE,
        )

        html = render("{% tx_rows rows %}", hides=True, rows=[row])

        assert "777" not in html
        assert "48,250" not in html

    def test_what_one_is_about_to_sign_is_always_shown(self):
        assert "48,250" in render("{% money x always=True %}", hides=True, x=BALANCE)


class TestTransactionRows:
    @time_machine.travel(NOON)
    def test_stand_under_their_days_in_nairobi(self):
        late = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)  # 00:30 on the 21st there.
        rows = [
            Row(who="A", at=late, money=BALANCE, direction="in"),
            Row(who="B", at=late - timedelta(hours=1), money=BALANCE, direction="out"),
        ]

        html = render("{% tx_rows rows %}", rows=rows)

        assert html.index("Today, 21 November") < html.index("A<")
        assert html.index("Yesterday, 20 November") < html.index("B<")
        assert "00:30" in html

    def test_a_row_is_one_link_to_its_receipt(self):
        row = Row(who="A", at=NOON, money=BALANCE, direction="in", url="/r/1/", reference="MV-1")

        html = render("{% tx_rows rows %}", rows=[row])

        assert html.count("<a ") == 1
        assert 'href="/r/1/"' in html


class TestField:
    def test_joins_label_hint_and_error_with_the_box(self):
        class Form(forms.Form):
            phone = forms.CharField(help_text="Like 0722 000 418")

        html = render("{% field form.phone %}", form=Form({"phone": ""}))

        assert '<label for="id_phone">' in html
        assert 'id="id_phone_hint"' in html
        assert 'id="id_phone_error"' in html
        assert 'aria-describedby="id_phone_hint id_phone_error"' in html
        assert 'aria-invalid="true"' in html
        assert 'autocomplete="tel"' in html
        assert html.index("id_phone_error") < html.index("<input")

    def test_an_amount_is_text_with_a_decimal_keyboard(self):
        class Form(forms.Form):
            amount = forms.CharField()

        html = render("{% field form.amount kind='amount' %}", form=Form())

        assert 'type="text"' in html
        assert 'inputmode="decimal"' in html
        assert "data-money" in html

    def test_refuses_a_number_box(self):
        class Form(forms.Form):
            days = forms.IntegerField()

        with pytest.raises(ImproperlyConfigured, match="scroll wheel"):
            render("{% field form.days %}", form=Form())

    def test_marks_what_is_optional_and_drops_placeholders(self):
        class Form(forms.Form):
            reason = forms.CharField(
                required=False, widget=forms.TextInput(attrs={"placeholder": "Rent"})
            )

        html = render("{% field form.reason %}", form=Form())

        assert "(optional)" in html
        assert "placeholder" not in html

    def test_a_code_box_takes_the_code_from_the_phone(self):
        class Form(forms.Form):
            code = forms.CharField()

        html = render("{% field form.code kind='code' %}", form=Form())

        assert 'autocomplete="one-time-code"' in html
        assert 'inputmode="numeric"' in html


class TestFilters:
    def seen(self, *names, words=""):
        boxes = {name: forms.CharField(required=False) for name in names}
        if words:
            boxes[words].widget.input_type = "search"
        form = type("Bar", (forms.Form,), boxes)()
        html = render("{% filters form %}", form=form)
        return [name for name in names if f'name="{name}"' in html.split("<details")[0]]

    def test_fold_away_when_there_are_many(self):
        assert self.seen("a", "b", "c") == ["a", "b", "c"]
        assert self.seen("a", "b", "c", "d") == ["a"]

    def test_never_fold_the_box_for_words_away(self):
        assert self.seen("account", "q", "since", "until", words="q") == ["account", "q"]


class TestDateBoxes:
    class Form(forms.Form):
        date_of_birth = DateBoxesField(label="Date of birth")

    def filled(self, day, month, year):
        names = ("date_of_birth_0", "date_of_birth_1", "date_of_birth_2")
        return self.Form(dict(zip(names, (day, month, year), strict=True)))

    def test_reads_three_boxes(self):
        form = self.filled("27", "3", "1994")

        assert form.is_valid()
        assert form.cleaned_data["date_of_birth"] == date(1994, 3, 27)

    @pytest.mark.parametrize(
        "typed", [("31", "2", "1994"), ("²", "3", "1994"), ("x", "3", "1994"), ("", "3", "1994")]
    )
    def test_refuses_what_is_no_day_in_plain_words(self, typed):
        form = self.filled(*typed)

        assert not form.is_valid()
        assert "invalid" not in str(form.errors).lower().replace("aria-invalid", "")

    def test_keeps_what_was_typed_and_names_each_box(self):
        html = render("{% field form.date_of_birth %}", form=self.filled("31", "2", "1994"))

        assert "<fieldset" in html
        assert 'value="31"' in html
        assert 'autocomplete="bday-year"' in html


class TestErrorSummary:
    def test_links_each_reason_to_its_box_and_takes_focus(self):
        class Form(forms.Form):
            phone = forms.CharField(error_messages={"required": "Enter your phone number"})

        html = render("{% errors form %}", form=Form({}))

        assert "There is a problem" in html
        assert '<a href="#id_phone">Enter your phone number</a>' in html
        assert 'tabindex="-1"' in html

    def test_says_nothing_before_the_form_was_sent(self):
        class Form(forms.Form):
            phone = forms.CharField()

        assert render("{% errors form %}", form=Form()).strip() == ""


class TestWords:
    def test_a_moment_is_in_east_africa_time(self):
        assert words.moment(NOON) == "21 Nov 2026, 12:00 EAT"

    def test_phones_accounts_and_mail_are_masked(self):
        assert words.masked_phone("+254722000418") == "0722 ••• 418"
        assert words.masked_account("0011000000174") == "••• 0174"
        assert words.masked_email("juma@example.com") == "j•••@example.com"
        assert words.masked_id("12345678") == "••• 678"

    def test_long_numbers_come_in_groups(self):
        assert words.account_number("0011000000174") == "001 10 0000017 4"
        assert words.phone("254722000418") == "0722 000 418"

    def test_days_are_said_in_swahili_too(self):
        with translation.override("sw"):
            assert words.day_heading(date(2026, 11, 21), today=date(2026, 11, 21)).startswith("Leo")


class TestParts:
    def test_a_state_has_one_vocabulary(self):
        assert "We don’t know yet" in render("{% status 'UNKNOWN' %}")
        assert "wk-pill--ok" in render("{% status 'PAID' %}")

    def test_the_stepper_names_the_current_step(self):
        html = render("{% stepper 'Details' 'Check' 'Receipt' current=2 %}")

        assert html.count('aria-current="step"') == 1
        assert "<a" not in html

    def test_the_tab_one_stands_on_is_marked(self):
        html = render("{% tabs %}")

        assert 'href="/move/" aria-current="page"' in html
        assert html.count("aria-current") == 1

    def test_the_way_to_older_rows_is_a_plain_link_too(self):
        html = render("{% pager older='?before=7' %}")

        assert 'href="?before=7"' in html
        assert 'hx-select="#list &gt; *"' in html or 'hx-select="#list > *"' in html
