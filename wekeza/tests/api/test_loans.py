"""The lending cycle as programs see it: the limit, asking, taking, paying back."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accounts.factories import PIN
from ledger.factories import put_in, take_out
from ledger.money import Money
from lending.bureau.simulator import file_of
from lending.decisions import operations
from lending.factories import BorrowerFactory, LoanFactory, account_of
from lending.loans.models import Loan
from lending.writeoffs.tests.steps import lost_loan, write_off
from wekeza.tests.api.steps import Program, refused
from wekeza.tests.api.test_staff import at_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]
APPLICATION, TRANSFERS = "/api/v1/loan/application", "/api/v1/payments/transfers/"


@pytest.fixture
def juma():
    return BorrowerFactory()


@pytest.fixture
def program(juma):
    return Program(user=juma.user)


def kes(amount: str) -> dict:
    return {"amount": amount, "currency": "KES"}


def apply(program, *, path="/loans/apply", amount="5000.00", key=None, **facts):
    consent = program.get("/api/v1/loan/limit").json()["consent"]["hash"]
    body = {"money": kes(amount), "employment": "SELF_EMPLOYED", "consent": consent} | facts
    return program.post(path, body, Idempotency_Key=key or str(uuid4()))


def answered(juma, asked) -> None:
    operations.answer(juma.loan_applications.get(public_id=asked["id"]), at=timezone.now())


class TestTheCycle:
    @pytest.mark.proves("BW18", "BW19", "BW20", "BW21")
    def test_apply_approve_repay(self, program, juma):
        asked = apply(program)
        assert (asked.status_code, asked.json()["state"]) == (202, "ASKED")
        answered(juma, asked.json())

        told = program.get(f"{APPLICATION}/{asked.json()['id']}/").json()
        # Thin at the bureau: 60 points less than the worked example's 735.
        assert (told["state"], told["score"]) == ("APPROVED", 675)
        assert told["offer"]["total"] == kes("5250.00")

        taken = program.post(
            f"{APPLICATION}/{told['id']}/take",
            {"figures": told["offer"]["figures"], "secret": PIN},
        )
        assert (taken.status_code, taken.json()["state"]) == (201, "ACTIVE")
        [debt] = program.get("/loans/active").json()["loans"]
        assert (debt["balance"], debt["loan"]["id"]) == (kes("5250.00"), taken.json()["id"])

        paid = program.post("/loans/repay", {"money": kes("5250.00")}, Idempotency_Key=str(uuid4()))

        assert (paid.status_code, paid.json()["balance"]) == (201, kes("0.00"))
        assert {one["part"]: one["money"] for one in paid.json()["shares"]} == {
            "INTEREST": kes("250.00"), "PRINCIPAL": kes("5000.00"),
        }  # fmt: skip
        assert program.get("/loans/active").json()["loans"] == []
        assert Loan.objects.get().is_paid

    @pytest.mark.proves("BW60")
    def test_has_the_long_addresses_too(self, program, juma):
        asked = apply(program, path=f"{APPLICATION}/add")

        assert asked.status_code == 202
        assert program.get("/api/v1/loan/loans/").json() == {"loans": []}

    @pytest.mark.proves("BW52")
    def test_names_the_loan_that_is_asked_for(self, program, juma):
        told = {"product": "EMER", "months": 3, "income": kes("40000.00")}
        asked = apply(program, path=f"{APPLICATION}/add", **told)
        answered(juma, asked.json())

        seen = program.get(f"{APPLICATION}/{asked.json()['id']}/").json()

        assert (asked.status_code, seen["product"], seen["state"]) == (202, "EMER", "APPROVED")
        assert seen["offer"]["received"] == kes("4950.00")  # Less 1%.
        refused(apply(program, product="NONE"), 404, "LOAN_NOT_OFFERED")
        refused(apply(program, product="EMER"), 422, "INCOME_MISSING")

    def test_lists_all_that_was_asked_for_the_newest_first(self, program, juma):
        first = apply(program).json()["id"]
        program.post(f"{APPLICATION}/{first}/withdraw", {})
        second = apply(program).json()["id"]

        newer = program.get(f"{APPLICATION}/?size=1").json()
        older = program.get(f"{APPLICATION}/?size=1&cursor={newer['next']}").json()
        others = Program(user=BorrowerFactory().user).get(f"{APPLICATION}/?cursor={second}")

        assert [one["id"] for one in newer["applications"]] == [second]
        [told] = older["applications"]
        assert (told["id"], told["state"], told["money"]) == (first, "WITHDRAWN", kes("5000.00"))
        assert older["next"] is None
        assert others.json()["error_code"] == "NO_SUCH_APPLICATION"

    def test_the_same_key_is_one_application(self, program, juma):
        key = str(uuid4())
        first, again = (apply(program, key=key) for _ in range(2))

        assert first.json() == again.json()
        assert juma.loan_applications.count() == 1


class TestALoan:
    """003:112-115 and 220-224: loans, their schedules and the payments on them."""

    @pytest.mark.proves("BW17", "BW49", "BW54", "BW58")
    def test_has_its_schedule_and_every_payment(self, program, juma):
        told = {"product": "EMER", "months": 3, "income": kes("40000.00")}
        asked = apply(program, path=f"{APPLICATION}/add", **told)
        answered(juma, asked.json())
        offer = program.get(f"{APPLICATION}/{asked.json()['id']}/").json()["offer"]
        body = {"figures": offer["figures"], "secret": PIN}
        taken = program.post(f"{APPLICATION}/{asked.json()['id']}/take", body).json()
        address = f"/api/v1/loan/loan/{taken['id']}/"
        loan = program.get(address).json()

        assert (loan["loan"]["state"], loan["loan"]["principal"]) == ("ACTIVE", kes("5000.00"))
        assert (loan["balance"], loan["payments"]) == (kes("5000.00"), [])
        first, second, third = loan["schedule"]
        start = date.fromisoformat(taken["start_date"])
        days = (start + relativedelta(months=1) - start).days
        assert first["interest"] == kes(f"{Decimal(5000 * 20 * days) / 36500:.2f}")
        assert sum(Decimal(one["principal"]["amount"]) for one in loan["schedule"]) == 5000
        assert first["unpaid"] == second["unpaid"] and third["number"] == 3

        body = {"loan": taken["id"], "money": kes("83.33")}
        paid = program.post("/api/v1/loan/repayment/add", body, Idempotency_Key=str(uuid4()))

        loan = program.get(address).json()
        assert paid.status_code == 201
        assert [one["money"] for one in loan["payments"]] == [kes("83.33")]
        assert loan["payments"][0]["receipt_no"] == paid.json()["receipt_no"]
        assert loan["balance"] == kes("4916.67")
        done, *rest = loan["schedule"]  # A payment ahead ends the period that was running.
        assert (done["principal"], done["unpaid"]) == (kes("83.33"), kes("0.00"))
        assert sum(Decimal(one["principal"]["amount"]) for one in rest) == Decimal("4916.67")

    @pytest.mark.proves("BW51", "BW53", "MV01")
    def test_stands_among_the_open_ones_until_it_is_paid(self):
        """What a friend sends pays it back."""
        loan, friend = LoanFactory(), BorrowerFactory()
        program = Program(user=loan.customer.user)
        take_out(account_of(loan.customer).ledger_account, "50900")
        [open_one] = program.get("/api/v1/loan/loans/").json()["loans"]
        assert open_one["loan"]["number"] == loan.number
        sends = Program(user=friend.user)
        order = {"recipient": loan.account.number, "money": kes("1200.00")}
        sent = sends.post(TRANSFERS, order, Idempotency_Key=str(uuid4())).json()
        sends.post(f"{TRANSFERS}{sent['id']}/authorise", {"secret": PIN})

        paid = program.post("/loans/repay", {"money": kes("5250.00")}, Idempotency_Key=str(uuid4()))

        assert paid.json()["balance"] == kes("0.00")
        assert program.get("/api/v1/loan/loans/").json() == {"loans": []}
        told = program.get(f"/api/v1/loan/loan/{loan.public_id}/").json()
        assert (told["loan"]["state"], told["loan"]["number"]) == ("PAID", loan.number)

    def test_that_was_written_off_is_owed_too_and_paid_on(self):
        loan = lost_loan()
        write_off(loan)
        owner = Program(user=loan.customer.user)
        put_in(account_of(loan.customer).ledger_account, "250")

        [told] = owner.get("/loans/active").json()["loans"]
        paid = owner.post("/loans/repay", {"money": kes("250.00")}, Idempotency_Key=str(uuid4()))

        assert (told["loan"]["number"], told["loan"]["state"]) == (loan.number, "WRITTEN_OFF")
        assert told["balance"] == told["due_now"] == kes(f"{loan.write_off.money.amount:.2f}")
        assert (told["principal"], told["due_date"], told["days_late"]) == (None, None, None)
        assert Decimal(paid.json()["balance"]["amount"]) == loan.write_off.money.amount - 250

    def test_of_somebody_else_looks_like_none(self, program):
        address = f"/api/v1/loan/loan/{LoanFactory().public_id}/"

        refused(program.get(address), 404, "NO_SUCH_LOAN")


class TestStaff:
    """003:289-296: scoring, approval by the loan officer, and the payout to the wallet."""

    @pytest.fixture
    def officer(self):
        return at_work("LOAN_OFFICER")[1]

    @pytest.mark.proves("RF12", "RF08", "RF01")
    def test_scores_by_the_banks_figures_and_the_bureaus(self, program, juma, officer, bureau):
        bureau.files[juma.national_id] = file_of(good=1)
        asked = apply(program).json()

        told = officer.post("/api/v1/loan/scoring/loan", {"application": asked["id"]}).json()

        assert (told["score"], told["bureau"], told["result"]) == (735, "CLEAN", "APPROVED")
        assert sum(one["points"] for one in told["points"]) == 735
        assert len(bureau.asked) == 1

    @pytest.mark.proves("BW40", "BW56", "BW57")
    def test_an_officer_approves_and_the_customer_gets_the_money(
        self, program, juma, officer, bureau
    ):
        bureau.behaviour = "down"  # So that a person decides.
        asked = apply(program, path=f"{APPLICATION}/add").json()
        answered(juma, asked)

        decided = officer.post(
            "/api/v1/loan/loan/approve",
            {"application": asked["id"], "result": "APPROVED", "money": kes("4000.00"),
             "why": "Her wages come in here every month"},
        )  # fmt: skip
        told = program.get(f"{APPLICATION}/{asked['id']}/").json()
        taken = program.post(
            "/api/v1/loan/loan/disburse",
            {"application": asked["id"], "figures": told["offer"]["figures"], "secret": PIN},
        )

        assert (decided.status_code, decided.json()["decision"]["result"]) == (200, "APPROVED")
        assert (taken.status_code, taken.json()["principal"]) == (201, kes("4000.00"))
        assert account_of(juma).ledger_account.money == Money(Decimal("54000"), "KES")

    def test_a_teller_decides_nothing(self, program, juma):
        asked = apply(program).json()
        _member, teller = at_work("TELLER")

        answer = teller.post("/api/v1/loan/scoring/loan", {"application": asked["id"]})

        refused(answer, 403, "NOT_FOR_YOU")


class TestRefusals:
    def test_more_than_the_limit(self, program):
        refused(apply(program, amount="10000.01"), 400, "OVER_LOAN_LIMIT")

    def test_a_consent_that_nobody_showed(self, program):
        refused(apply(program, consent="0" * 64), 422, "CONSENT_NOT_SHOWN")

    def test_more_than_is_in_the_account(self):
        loan = LoanFactory()
        take_out(account_of(loan.customer).ledger_account, "50900")

        answer = Program(user=loan.customer.user).post(
            "/loans/repay", {"money": kes("5250.00")}, Idempotency_Key=str(uuid4())
        )

        details = refused(answer, 400, "INSUFFICIENT_FUNDS")
        assert (details["required"], details["available"], details["deficit"]) == (
            "5250.00", "4100.00", "1150.00",
        )  # fmt: skip

    def test_anothers_loan_looks_like_none(self, program):
        loan = LoanFactory()

        answer = program.post(
            "/loans/repay", {"loan": str(loan.public_id), "money": kes("1.00")},
            Idempotency_Key=str(uuid4()),
        )  # fmt: skip

        refused(answer, 404, "NO_SUCH_LOAN")
