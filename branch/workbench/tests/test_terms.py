"""Terms of the rooms are asked for at their desks, and hold when a second person has said yes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.factories import StaffMemberFactory, staff_actor
from accounts.kyc.models import KycTerm
from accounts.partners.models import PartnerQuota
from accounts.screening import queries as screening
from accounts.screening.models import ScreeningTerms
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.approvals.models import Approval, ApprovalRule

pytestmark = pytest.mark.django_db
RULES = "/workbench/records/ledger/approvalrule/add/"


def rule(**facts):
    """What the form of rules is told: those of terms, from tomorrow on, but for some facts."""
    return {
        "deed": "terms.change", "label": "Change a term", "to_make": "terms.propose",
        "to_check": "terms.decide", "valid_hours": 100, "reason": "Board paper 13",
        "effective_from": timezone.localdate() + timedelta(1), "effective_to": "",
    } | facts  # fmt: skip


class TestRulesOfApprovals:
    """A rule that nobody can follow would lock its deed, and that of terms for ever."""

    @pytest.mark.parametrize("field", ["deed", "to_make", "to_check"])
    def test_name_deeds_and_permissions_that_there_are(self, at_work, field):
        page = at_work("RISK").post(RULES, rule(**{field: "terms.decde"}))

        assert b"terms.decde is not one of the available choices" in page.content
        assert not Approval.objects.filter(deed="terms.change").exists()

    @pytest.mark.parametrize(
        ("field", "typed", "why"),
        [
            ("deed", "terms.chnge", "no deed is called terms.chnge"),
            ("to_make", "terms.propse", "nobody holds terms.propse"),
            ("to_check", "terms.decde", "nobody holds terms.decde in every branch"),
            ("to_check", "kyc.decide", "nobody holds kyc.decide in every branch"),
            ("valid_hours", 0, "waits_for_a_while"),
            ("effective_to", timezone.localdate(), "ends_after_it_starts"),
        ],
    )
    def test_are_not_asked_for_if_nobody_could_follow_them(self, field, typed, why):
        maker = StaffMemberFactory(role_id="RISK")
        StaffMemberFactory(role_id="BRANCH_MANAGER")
        facts = rule() | {"effective_to": None}
        del facts["reason"]

        with pytest.raises(terms.NotWhole, match=why):
            terms.ask(
                ApprovalRule(**facts | {field: typed}),
                reason="Board", actor=staff_actor(maker), at=timezone.now(),
            )  # fmt: skip

    def test_take_two_who_can_act(self):
        alone = StaffMemberFactory(role_id="RISK")
        facts = rule() | {"effective_to": None}
        del facts["reason"]
        who = {"reason": "Board", "actor": staff_actor(alone), "at": timezone.now()}

        with pytest.raises(terms.NotWhole, match="one person alone"):
            terms.ask(ApprovalRule(**facts), **who)
        StaffMemberFactory(role_id="ADMINISTRATOR")

        assert terms.ask(ApprovalRule(**facts), **who).is_waiting

    def test_that_overtook_one_another_are_refused(self):
        maker, checker = StaffMemberFactory(role_id="RISK"), StaffMemberFactory(role_id="RISK")
        day = timezone.localdate() + timedelta(5)
        who = {"reason": "Board", "actor": staff_actor(maker), "at": timezone.now()}
        first, second = (
            terms.ask(KycTerm(kind="NOTICE_DAYS", number=number, effective_from=start), **who)
            for number, start in ((20, day), (40, day + timedelta(1)))
        )
        yes = {"actor": staff_actor(checker), "at": timezone.now()}
        approvals.approve(first, digest=first.digest, **yes)

        with pytest.raises(terms.TermChanged):
            approvals.approve(second, digest=second.digest, **yes)

        assert Approval.objects.get(pk=second.pk).is_waiting
        assert KycTerm.objects.filter(number=20).exists()
        assert not KycTerm.objects.filter(number=40).exists()


class TestAskingForTerms:
    def decide(self, checker, response):
        asked = Approval.objects.get(deed="terms.change")
        page = reverse("branch:workbench:approval", args=[asked.public_id])
        assert response["Location"] == page
        said = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
        assert checker.post(page, said).status_code == 303
        return asked

    def test_figures_of_screening_change_by_two_on_their_day(self, at_work):
        today = timezone.localdate()
        row = ScreeningTerms.objects.on(today).first()
        names = {field.name for field in ScreeningTerms._meta.fields}
        ours = {"id", "approval", "approved_by", "source", "created_at", "updated_at"}
        facts = {name: getattr(row, name) for name in names - ours - {"effective_to"}}
        facts |= {"block_from": "0.9500", "effective_from": today + timedelta(1), "reason": "Board"}

        asked = self.decide(
            at_work("ADMINISTRATOR"),
            at_work("RISK").post("/workbench/records/accounts/screeningterms/add/", facts),
        )

        assert [change["field"] for change in asked.changes] == ["Block from", "Effective from"]
        assert screening.terms_on(today).block_from == row.block_from
        assert str(screening.terms_on(today + timedelta(1)).block_from) == "0.9500"

    def test_a_quota_of_all_sandbox_apps_needs_no_app(self, at_work):
        today = timezone.localdate()
        facts = {"mode": "SANDBOX", "app": "", "per_minute": 77, "per_day": 7700, "reason": "Load",
                 "effective_from": today}  # fmt: skip

        self.decide(
            at_work("ADMINISTRATOR"),
            at_work("RISK").post("/workbench/records/accounts/partnerquota/add/", facts),
        )

        newest = PartnerQuota.objects.on(today).filter(mode="SANDBOX").first()
        assert newest.per_minute == 77 and newest.approval.deed == "terms.change"

    def test_a_kind_of_number_that_no_table_names_is_refused(self, at_work):
        facts = {"kind": "NONSENSE", "number": 3, "effective_from": timezone.localdate(),
                 "reason": "x"}  # fmt: skip

        page = at_work("RISK").post("/workbench/records/accounts/kycterm/add/", facts)

        assert b"NONSENSE is not one of the available choices" in page.content
        assert not Approval.objects.filter(deed="terms.change").exists()


class TestRecords:
    """What a table holds is told in the words of the rest of the bank."""

    def test_write_money_days_kinds_and_tiers_as_people_do(self, at_work):
        clerk = at_work("AUDITOR")

        def rows_of(name):
            page = clerk.get(f"/workbench/records/accounts/{name}/").content.decode()
            return page.partition("<table")[2].partition("</table>")[0]

        limits, clocks = rows_of("tierlimit"), rows_of("kycterm")

        for words in ("KES\u00a05,000,000.00", "1 Jan 2025", "Business", "Out in a day"):
            assert words in limits
        for raw in ("5000000.0000", "Jan. 1, 2025", ">BUSINESS<", ">TIER_1<"):
            assert raw not in limits
        assert "Answer Hours" in clocks and ">ANSWER_HOURS<" not in clocks


class TestTermsOfLoans:
    @pytest.mark.parametrize("day", ["", "garbage", "2020-01-01"])
    @pytest.mark.parametrize("desk", ["gradeprice", "sectorterm", "loanterm", "lendinglimit"])
    def test_without_a_day_are_refused_by_their_form(self, at_work, desk, day):
        facts = {
            "product": "PERS", "from_score": 601, "percent": "18", "sector": "X", "name": "X",
            "kind": "LEAST_PERCENT", "number": 9, "adds_percent": 1, "risk": "LOW",
            "turnover_factor": 1, "effective_from": day, "reason": "A test",
        }  # fmt: skip

        answer = at_work("RISK").post(f"/workbench/records/lending/{desk}/add/", facts)

        assert answer.status_code in (200, 422)
        assert "wk-errsum" in answer.content.decode()
