"""The pages of Borrow, as a customer without scripts gets them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.factories import PIN
from ledger.factories import take_out
from lending.applications import operations as applications
from lending.arrears.tests.steps import lend, pay
from lending.bureau.simulator import file_of
from lending.decisions import operations, queries, taking
from lending.decisions.tests.steps import decide, referred
from lending.factories import ApplicationFactory, BorrowerFactory, LoanFactory, account_of
from lending.overview import views as overview_views
from lending.repayments import debts
from lending.stops.tests.steps import stop
from wekeza.kit.words import day, moment

pytestmark = pytest.mark.django_db
BORROW, APPLY = "lending:overview:index", "lending:decisions:apply"


def browser_of(customer) -> Client:
    browser = Client()
    browser.force_login(customer.user)
    return browser


def text_of(reply) -> str:
    return " ".join(reply.content.decode().replace("\xa0", " ").split())


def page(browser, name, *args) -> str:
    reply = browser.get(reverse(name, args=args))
    assert reply.status_code == 200, reply.status_code
    return text_of(reply)


def form(**facts) -> dict:
    return {
        "reference": uuid4(), "amount": "5,000", "employment": "SELF_EMPLOYED", "consent": "on",
    } | facts  # fmt: skip


def figures(html: str) -> str:
    """The words without their tags, a space where an element begins or ends."""
    spaced = re.sub(r"</?(dt|dd|p|li|h1|h2|small|div|td|th|ul)\b[^>]*>", " ", html)
    return " ".join(re.sub(r"<[^>]+>", "", spaced).split())


class TestTheFirstPage:
    @pytest.mark.proves("BW03", "BW05")
    def test_says_how_much_and_how_the_figure_is_made(self, bureau):
        """The seed's example: 80% of 18,750 is 15,000, below the second level's cap."""
        customer = BorrowerFactory(deposit="18750", tier_id="TIER_2")

        words = figures(page(browser_of(customer), BORROW))

        assert "You qualify for up to KES15,000.00" in words
        assert "Your average deposit KES18,750.00" in words
        assert "80% of your average deposit KES15,000.00" in words

    def test_says_what_makes_a_limit_where_there_is_none(self, bureau):
        words = figures(page(browser_of(BorrowerFactory(deposit="")), BORROW))

        assert "You cannot borrow yet" in words
        assert "Ask for a loan" not in words

    @pytest.mark.proves("BW41")
    def test_shows_a_loan_whatever_came_after_it_and_leads_to_all(self, bureau, monkeypatch):
        """Eleven loans that were paid back are newer than a wish given up and a loan still owed."""
        monkeypatch.setattr(overview_views, "PAGE", 10)
        given_up = ApplicationFactory()
        customer = given_up.customer
        applications.withdraw(given_up, at=timezone.now(), actor=customer.actor)
        owed = lend(customer, product="PERS", amount="30000", tenor=12, percent="15")
        for _ in range(11):
            pay(lend(customer, amount="500"), "525")
        browser, all_of_it = browser_of(customer), reverse("lending:overview:asked")

        first = page(browser, BORROW)
        pages = [text_of(browser.get(all_of_it, {"page": number})) for number in (1, 2)]

        assert owed.number in first and all_of_it in first
        assert reverse("lending:repayments:pay", args=[owed.public_id]) in first
        answer = reverse("lending:decisions:answer", args=[given_up.public_id])
        assert answer in first
        assert [one.count("/borrow/answers/") for one in pages] == [10, 3]
        assert answer in pages[1] and "?page=2" in pages[0] and "?page=1" in pages[1]

    def test_shows_the_loan_that_there_is(self, bureau):
        loan = LoanFactory()

        words = figures(page(browser_of(loan.customer), BORROW))

        assert f"30-day loan · {loan.number}" in words
        assert "You owe" in words
        assert "KES5,250.00" in words
        assert "Ask for a loan" not in words


class TestAsking:
    @pytest.mark.proves("BW06", "BW39")
    def test_leads_to_the_answer(self, bureau):
        customer = BorrowerFactory()
        browser = browser_of(customer)

        reply = browser.post(reverse(APPLY), form())

        asked = customer.loan_applications.get()
        assert reply.status_code in (302, 303)
        assert reply.url == reverse("lending:decisions:answer", args=[asked.public_id])
        assert (asked.money.amount, asked.tenor, asked.employment) == (5000, 30, "SELF_EMPLOYED")
        assert "Checking…" in text_of(browser.get(reply.url))

    def test_tells_the_three_lines_before_anything_is_asked(self, bureau):
        browser = browser_of(BorrowerFactory())

        reply = browser.get(reverse("lending:decisions:cost"), {"amount": "5,000"})

        words = figures(text_of(reply))

        assert "You get KES5,000.00" in words
        assert "It costs 5%, APR 60.8% KES250.00" in words
        assert "KES5,250.00" in words

    @pytest.mark.parametrize(
        ("facts", "problem"),
        [
            ({"amount": "10,001"}, "You can borrow up to KES 10,000.00. Enter that or less"),
            ({"amount": "499"}, "This loan is for KES 500.00 to KES 100,000.00."),
            ({"employment": ""}, "Choose how you earn"),
            ({"consent": ""}, "Tick the box to go on"),
        ],
    )
    def test_keeps_what_was_typed_beside_the_problem(self, bureau, facts, problem):
        customer = BorrowerFactory()

        reply = browser_of(customer).post(reverse(APPLY), form(**facts))

        assert reply.status_code == 422
        assert problem in text_of(reply)
        assert f'value="{facts.get("amount", "5,000")}"' in text_of(reply)
        assert not customer.loan_applications.exists()

    def test_one_who_asked_already_is_led_there(self, bureau):
        asked = ApplicationFactory()

        reply = browser_of(asked.customer).post(reverse(APPLY), form())

        assert reply.url == reverse("lending:decisions:answer", args=[asked.public_id])


class TestAYes:
    @pytest.fixture
    def asked(self, bureau):
        return ApplicationFactory()

    def take(self, asked, **facts):
        address = reverse("lending:decisions:answer", args=[asked.public_id])
        told = {"figures": taking.offer_of(asked).figures, "read": "on", "code": PIN} | facts
        return browser_of(asked.customer).post(address, told)

    def test_shows_the_key_facts_before_it_is_taken(self, asked):
        browser = browser_of(asked.customer)

        words = figures(page(browser, "lending:decisions:answer", asked.public_id))

        assert "Yes. You can borrow KES 5,000.00" in words
        assert "It costs KES 250.00: APR 60.8%, 81.1% with interest on interest." in words
        assert "If you pay late, 0.25% of the overdue principal is added for each day" in words
        assert f"You repay KES 5,250.00 by {_day(asked)}" in words

    @pytest.mark.proves("BW07")
    def test_is_taken_with_the_pin_after_the_cost_was_read(self, asked):
        reply = self.take(asked)

        loan = asked.customer.loans.get()
        assert reply.url == reverse("lending:repayments:loan", args=[loan.public_id])
        assert (loan.agreed_by, loan.agreed_hash) == ("PIN", taking.offer_of(asked).text_hash)

    @pytest.mark.parametrize(
        ("facts", "problem"),
        [
            ({"read": ""}, "Tick the box to go on"),
            ({"code": "0000"}, "2 tries left"),
            ({"figures": "other"}, "A figure or a date changed since you saw it"),
        ],
    )
    def test_is_not_taken_otherwise(self, asked, facts, problem):
        reply = self.take(asked, **facts)

        assert reply.status_code == 422
        assert problem in text_of(reply)
        assert not asked.customer.loans.exists()

    def test_may_be_left(self, asked):
        address = reverse("lending:decisions:answer", args=[asked.public_id])

        browser_of(asked.customer).post(address, {"withdraw": "1"})

        asked.refresh_from_db()
        assert asked.state == "WITHDRAWN"


class TestANo:
    @pytest.fixture
    def refused(self, bureau):
        customer = BorrowerFactory()
        take_out(account_of(customer).ledger_account, "49500", at=timezone.now())
        return ApplicationFactory(customer=customer)

    def test_says_why_with_figures_and_what_would_change_it(self, refused):
        words = figures(page(browser_of(refused.customer), "lending:decisions:answer",
                             refused.public_id))  # fmt: skip

        assert "Not today" in words
        assert "Your level of identification counts 60 of 200 points." in words
        assert "Two days after money came in, 1.0% of it was still here." in words
        assert "Above 60% counts most." in words
        assert "Your score: 575 of 1000" in words
        assert "From 601 on we say yes." in words
        assert "A computer made this decision." in words

    def test_may_be_looked_at_by_a_person(self, refused):
        browser = browser_of(refused.customer)

        address = reverse("lending:decisions:answer", args=[refused.public_id])
        reply = browser.post(address, {"person": "1"})

        refused.refresh_from_db()
        assert refused.is_referred
        words = text_of(browser.get(reply.url))
        assert "A person looks at it" in words
        due = queries.answered_by(refused, at=timezone.now())  # By the clock of reviews.
        assert f"We answer by {moment(due)}, and text you." in words

    def test_a_bad_loan_elsewhere_is_named_without_its_lender(self, bureau):
        customer = BorrowerFactory()
        bureau.files[customer.national_id] = file_of(open_npl=1)
        refused = ApplicationFactory(customer=customer)

        words = page(browser_of(customer), "lending:decisions:answer", refused.public_id)

        assert "has a loan of yours elsewhere that is not being paid" in words


class TestWaiting:
    def test_after_twenty_seconds_it_says_that_we_text(self, bureau):
        customer = BorrowerFactory()
        browser = browser_of(customer)
        browser.post(reverse(APPLY), form())
        asked = customer.loan_applications.get()

        operations.answer(asked, at=asked.asked_at + timedelta(seconds=21))

        texts = customer.user.messages.filter(kind="loan_answered")
        assert [text.channel for text in texts] == ["SMS"]

    def test_for_a_person_lasts_a_day_and_the_page_and_the_text_name_its_end(self, bureau):
        """mission X5 and BW28: within 24 hours of asking."""
        bureau.behaviour = "down"
        customer = BorrowerFactory()
        browser = browser_of(customer)
        browser.post(reverse(APPLY), form())
        asked = customer.loan_applications.get()
        operations.answer(asked, at=asked.asked_at + timedelta(seconds=21))
        due = asked.asked_at + timedelta(hours=24)

        words = page(browser, "lending:decisions:answer", asked.public_id)

        assert f"We answer by {moment(due)}, and text you." in words
        [text] = customer.user.messages.filter(kind="loan_answered")
        assert f"We text you the answer by {moment(due)}." in text.body.replace("\xa0", " ")

    def test_for_a_person_that_lasts_longer_says_so(self, bureau):
        asked = referred(bureau, at=timezone.now() - timedelta(hours=25))

        words = page(browser_of(asked.customer), "lending:decisions:answer", asked.public_id)

        due = moment(asked.asked_at + timedelta(hours=24))
        assert f"We are late: you were to have our answer by {due}." in words


class TestPaying:
    @pytest.mark.proves("BW13", "BW42")
    def test_any_amount_from_the_account(self, bureau):
        loan = LoanFactory()
        browser = browser_of(loan.customer)
        address = reverse("lending:repayments:pay", args=[loan.public_id])
        order = "penalty, interest for days late, interest, principal"
        assert f"It pays what is due in this order: {order}." in text_of(browser.get(address))

        reply = browser.post(address, {"reference": uuid4(), "amount": "1,000"})

        words = figures(text_of(browser.get(reply.url)))
        assert "You still owed KES 4,250.00 after it" in words
        assert "Interest KES250.00" in words
        assert "Principal KES750.00" in words
        assert debts.of(loan, on=loan.start_date).total.amount == 4250

    def test_more_than_there_is_says_what_is_missing(self, bureau):
        loan = LoanFactory()
        take_out(account_of(loan.customer).ledger_account, "50900")
        address = reverse("lending:repayments:pay", args=[loan.public_id])

        reply = browser_of(loan.customer).post(address, {"reference": uuid4(), "amount": "5,250"})

        assert reply.status_code == 422
        assert "You have KES 4,100.00. Pay part now, or top up KES 1,150.00" in text_of(reply)


def _day(asked) -> str:
    return day(taking.offer_of(asked).quote.repaid_by)


class TestByAPerson:
    def test_a_no_is_told_in_the_officers_words(self, bureau):
        asked = referred(bureau)
        decide(asked, result="REFUSED", why="Your payslips do not say who pays you")

        words = page(browser_of(asked.customer), "lending:decisions:answer", asked.public_id)

        assert "Our officer writes: Your payslips do not say who pays you" in words
        assert "bureau did not answer" not in words


class TestWhileLendingIsStopped:
    def test_the_pages_say_so_before_anybody_types(self, bureau):
        said = "We are not giving new loans right now"
        browser = browser_of(BorrowerFactory())
        assert said not in page(browser, BORROW) and "Ask for a loan" in page(browser, BORROW)

        stop()

        assert said in page(browser, BORROW) and "Ask for a loan" not in page(browser, BORROW)
        form_of = page(browser, APPLY)
        assert said in form_of and "See my answer" not in form_of
