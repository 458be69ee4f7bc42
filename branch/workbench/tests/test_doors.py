"""The workbench in a browser: who comes in, what waits, finding customers, and deciding."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.factories import (
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.staff import operations as staff
from accounts.staff.models import Branch, Role
from ledger.approvals.models import Approval
from ledger.controls.models import AuditEntry
from payments.factories import TransferFactory

pytestmark = pytest.mark.django_db
HOME = "/workbench/"


def ask_role(maker, subject, role="HEAD_TELLER"):
    return staff.ask_role(
        subject,
        role=Role.objects.get(pk=role),
        branch=Branch.objects.get(pk="001"),
        start=timezone.localdate(),
        end=None,
        reason="She leads the counter",
        actor=staff_actor(maker),
        at=timezone.now(),
    )


class TestTheGate:
    @pytest.mark.parametrize("page", [HOME, "/workbench/approvals/", "/workbench/records/"])
    def test_leads_strangers_to_the_login(self, client, page):
        response = client.get(page)

        assert response.status_code == 302 and "/login/" in response["Location"]

    def test_is_closed_to_customers(self, client):
        client.force_login(CustomerFactory().user)

        response = client.get(HOME, follow=True)

        assert (
            response.status_code == 403
            and b"not signed in as a member of staff" in response.content
        )

    def test_is_closed_without_the_app_that_signs_approvals(self, at_work):
        """A passkey alone came in before, and then could approve nothing."""
        client = at_work("ADMINISTRATOR")
        Authenticator.objects.filter(user=client.member.user).delete()
        Authenticator.objects.create(
            user=client.member.user, type=Authenticator.Type.WEBAUTHN, data={}
        )

        response = client.get(HOME, follow=True)

        assert response.status_code == 403 and b"authenticator app" in response.content

    @pytest.mark.parametrize("page", [HOME, "/workbench/records/"])
    @pytest.mark.proves("IA47")
    def test_is_closed_without_a_second_factor(self, at_work, page):
        response = at_work("ADMINISTRATOR", verified=False).get(page, follow=True)

        assert response.status_code == 403 and b"second factor" in response.content

    def test_is_closed_at_once_to_whoever_is_sent_home(self, at_work):
        client = at_work("AUDITOR")
        assert client.get("/workbench/records/ledger/auditentry/").status_code == 200

        chief = StaffMemberFactory(role_id="ADMINISTRATOR")
        staff.suspend(
            client.member, reason="Lost badge", actor=staff_actor(chief), at=timezone.now()
        )

        assert client.get("/workbench/records/ledger/auditentry/").status_code == 302

    def test_every_record_is_behind_its_permission(self, at_work):
        teller, auditor = at_work("TELLER"), at_work("AUDITOR")

        assert teller.get("/workbench/records/ledger/auditentry/").status_code == 403
        assert auditor.get("/workbench/records/ledger/auditentry/").status_code == 200
        assert auditor.get("/workbench/records/accounts/tierlimit/add/").status_code == 403

    def test_records_are_never_changed_or_deleted(self, at_work):
        client = at_work("AUDITOR")
        line = AuditEntry.objects.latest("pk")

        page = f"/workbench/records/ledger/auditentry/{line.pk}/"
        assert client.get(f"{page}change/").status_code == 200
        assert client.post(f"{page}change/", {"deed": "x"}).status_code == 403
        assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403


class TestHome:
    def test_shows_what_waits_and_since_when(self, at_work):
        client = at_work("ADMINISTRATOR")
        ask_role(StaffMemberFactory(role_id="ADMINISTRATOR"), StaffMemberFactory())

        page = client.get(HOME).content.decode()

        assert "Approvals for you" in page and ">1<" in page and "Oldest" in page

    def test_leads_staff_from_the_front_page_to_work(self, at_work):
        response = at_work("TELLER").get("/")

        assert response.status_code == 302 and response["Location"] == HOME


class TestDeciding:
    def page(self, asked):
        return reverse("branch:workbench:approval", args=[asked.public_id])

    def test_shows_before_and_after_and_takes_a_code(self, at_work):
        client, subject = at_work("ADMINISTRATOR"), StaffMemberFactory()
        asked = ask_role(StaffMemberFactory(role_id="ADMINISTRATOR"), subject)
        page = client.get(self.page(asked)).content.decode()
        assert "SUPPORT, HEAD_TELLER" in page and "She leads the counter" in page

        response = client.post(self.page(asked), {
            "digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now()),
        })  # fmt: skip

        assert response.status_code == 303
        assert subject.grants.filter(role="HEAD_TELLER").exists()

    def test_a_wrong_code_decides_nothing(self, at_work):
        client, subject = at_work("ADMINISTRATOR"), StaffMemberFactory()
        asked = ask_role(StaffMemberFactory(role_id="ADMINISTRATOR"), subject)

        response = client.post(self.page(asked), {
            "digest": asked.digest, "verdict": "approve", "code": "000000",
        })  # fmt: skip

        assert response.status_code == 422
        assert Approval.objects.get(pk=asked.pk).is_waiting

    def test_rejecting_takes_a_reason_which_the_maker_reads(self, at_work):
        client = at_work("ADMINISTRATOR")
        asked = ask_role(StaffMemberFactory(role_id="ADMINISTRATOR"), StaffMemberFactory())
        said = {"digest": asked.digest, "verdict": "reject"}
        assert client.post(self.page(asked), said).status_code == 422

        assert client.post(self.page(asked), said | {"note": "Not yet"}).status_code == 303
        assert Approval.objects.get(pk=asked.pk).note == "Not yet"

    def test_whoever_asked_sees_that_it_waits_and_may_take_it_back(self, at_work):
        client = at_work("ADMINISTRATOR")
        asked = ask_role(client.member, StaffMemberFactory())
        assert "Another person must decide it" in client.get(self.page(asked)).content.decode()

        said = {"digest": asked.digest, "code": code_at(timezone.now())}
        assert client.post(self.page(asked), said | {"verdict": "approve"}).status_code == 422
        assert client.post(self.page(asked), said | {"verdict": "withdraw"}).status_code == 303
        assert Approval.objects.get(pk=asked.pk).state == "WITHDRAWN"

    def test_is_not_there_for_whoever_may_not_decide(self, at_work):
        asked = ask_role(StaffMemberFactory(role_id="ADMINISTRATOR"), StaffMemberFactory())

        assert at_work("TELLER").get(self.page(asked)).status_code == 404


class TestFinding:
    @pytest.mark.proves("BR02", "BR03")
    def test_finds_by_id_phone_account_email_receipt_and_misspelt_name(self, at_work):
        client = at_work("SUPPORT")
        account = DepositAccountFactory(
            customer__full_name="Zawadi Chepkoech Muthoni", customer__national_id="35791113",
            balance="5000",
        )  # fmt: skip
        who = account.customer
        paid = TransferFactory(source=account)

        for typed in (
            "35791113", who.user.phone, "0" + who.user.phone[4:], account.number,
            who.user.email, paid.receipt_no, "Zawadi Muthoni", "chepkoech zawdi",
        ):  # fmt: skip
            page = client.post("/workbench/search/", {"q": typed}).content.decode()
            assert "Zawadi Chepkoech Muthoni" in page, typed
            assert "35791113" not in page.replace('value="35791113"', ""), "masked in lists"

    def test_keeps_what_was_searched_by_and_not_for_whom(self, at_work):
        client = at_work("SUPPORT")

        client.post("/workbench/search/", {"q": "35791114"})

        [line] = AuditEntry.objects.filter(
            deed="customer.searched", actor=str(staff_actor(client.member))
        )
        assert line.detail == {"kind": "ID number", "found": "0"}

    def test_takes_the_permission(self, at_work):
        assert at_work("ADMINISTRATOR").get("/workbench/search/").status_code == 403


class TestTheFile:
    def page(self, customer):
        return reverse("branch:workbench:customer", args=[customer.public_id])

    @pytest.mark.proves("BR04", "BR02")
    def test_opens_for_a_purpose_and_shows_the_last_ten_rows_and_the_story(self, at_work):
        client = at_work("SUPPORT")
        account = DepositAccountFactory(balance="5000")
        TransferFactory(source=account, amount="1200")
        assert "Why do you open it?" in client.get(self.page(account.customer)).content.decode()

        response = client.post(self.page(account.customer), {"purpose": "CALL"}, follow=True)

        page = response.content.decode()
        assert "The customer called" in page and "Last 10 transactions" in page
        assert "The largest sum that went out in the last 7 days: KES\u00a01,200.00" in page
        assert AuditEntry.objects.filter(
            deed="customer.file_opened", detail__purpose="CALL",
            subject=f"accounts.customer:{account.customer.pk}",
        ).exists()  # fmt: skip

    def test_takes_a_purpose(self, at_work):
        client = at_work("SUPPORT")

        assert client.post(self.page(CustomerFactory()), {"purpose": ""}).status_code == 422

    def test_of_a_colleague_is_for_few_and_ones_own_for_nobody(self, at_work):
        colleague = CustomerFactory(national_id="35791115")
        StaffMemberFactory(national_id="35791115")
        support, compliance = at_work("SUPPORT"), at_work("COMPLIANCE")
        own = CustomerFactory(national_id="35791116")
        chief = at_work("COMPLIANCE", national_id="35791116")

        assert support.post(self.page(colleague), {"purpose": "CALL"}).status_code == 422
        assert compliance.post(self.page(colleague), {"purpose": "CALL"}).status_code == 303
        assert chief.post(self.page(own), {"purpose": "REVIEW"}).status_code == 422

    def test_of_nobody_is_not_there(self, at_work):
        page = "/workbench/customer/5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11/"

        assert at_work("SUPPORT").get(page).status_code == 404


class TestTerms:
    """Dated terms are asked for at their desk, and hold when a second person has said yes."""

    page = "/workbench/records/accounts/tierlimit/add/"

    def ask(self, client, **facts):
        row = {
            "tier": "TIER_1", "kind": "PER_TRANSFER", "amount": "25000", "currency": "KES",
            "effective_from": timezone.localdate() + timedelta(1), "effective_to": "",
            "reason": "Board paper 12",
        }  # fmt: skip
        return client.post(self.page, row | facts)

    def test_a_limit_changes_on_its_day_and_not_before(self, at_work):
        from accounts.limits import queries as limits

        maker, checker = at_work("RISK"), at_work("ADMINISTRATOR")
        response = self.ask(maker)
        asked = Approval.objects.get(deed="terms.change")
        assert response["Location"] == reverse("branch:workbench:approval", args=[asked.public_id])
        assert {"field": "Amount", "before": "20000.0000", "after": "25000"} in asked.changes

        decided = checker.post(response["Location"], {
            "digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now()),
        })  # fmt: skip

        assert decided.status_code == 303, decided.content
        today = timezone.localdate()
        assert str(limits.limit_of("TIER_1", "PER_TRANSFER", on=today).amount) == "20000.00"
        tomorrow = limits.limit_of("TIER_1", "PER_TRANSFER", on=today + timedelta(1))
        assert str(tomorrow.amount) == "25000.00"

    def test_what_has_been_stays(self, at_work):
        client = at_work("RISK")

        response = self.ask(client, effective_from=timezone.localdate() - timedelta(1))

        assert (
            b"What has been stays as it was" in client.get(self.page).content
            or response.status_code == 200
        )
        assert not Approval.objects.filter(deed="terms.change").exists()

    def test_takes_a_reason(self, at_work):
        self.ask(at_work("RISK"), reason="")

        assert not Approval.objects.filter(deed="terms.change").exists()

    def test_whoever_decides_terms_does_not_ask_for_them(self, at_work):
        assert at_work("ADMINISTRATOR").get(self.page).status_code == 403


class TestWhatARoleIsOffered:
    def test_an_administrator_is_not_offered_the_search_that_is_shut_to_them(self, at_work):
        shut, open_to = at_work("ADMINISTRATOR"), at_work("SUPPORT")

        assert shut.get("/workbench/search/").status_code == 403
        assert "Find a customer" not in shut.get(HOME).content.decode()
        assert "/workbench/search/" not in shut.get("/workbench/records/").content.decode()
        assert "Find a customer" in open_to.get(HOME).content.decode()

    def test_pages_are_english_whatever_the_reader_chose(self, at_work):
        client = at_work("SUPPORT")
        client.cookies["django_language"] = "sw"

        page = client.get(HOME)

        text = page.content.decode()
        assert '<html lang="en"' in text and page["Content-Language"] == "en"
        assert "Skip to main content" in text and 'name="language"' not in text
        missing = client.get("/workbench/nowhere/")
        assert missing.status_code == 404 and '<html lang="en"' in missing.content.decode()
        assert '<html lang="sw"' in client.get("/nowhere/").content.decode()


class TestTheCodeOfAnApproval:
    def test_none_typed_is_said_and_costs_no_try(self, at_work):
        client, other = at_work("ADMINISTRATOR"), StaffMemberFactory(role_id="ADMINISTRATOR")
        row = ask_role(other, StaffMemberFactory(role_id="TELLER"))
        page = reverse("branch:workbench:approval", args=[row.public_id])
        shown = client.get(page).content.decode()

        for _ in range(6):
            answer = client.post(page, {"digest": row.digest, "verdict": "approve", "code": ""})

        assert "authenticator app <small" not in shown
        assert answer.status_code == 422
        assert "Type the 6 digits of your authenticator app to approve" in answer.content.decode()
        assert "tries left" not in answer.content.decode()
        code = code_at(timezone.now())
        assert (
            client.post(
                page, {"digest": row.digest, "verdict": "approve", "code": code}
            ).status_code
            == 303
        )
