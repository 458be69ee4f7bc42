"""What two persons decide about a case, and how long that holds."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.screening import operations as screening
from accounts.screening import queries
from accounts.screening.models import Hit
from accounts.screening.refusals import (
    CaseNotOpen,
    NobodyBehindIt,
    NoDecision,
    NoSuchCase,
    ReasonMissing,
    SamePerson,
)
from accounts.screening.tests.steps import (
    CHIEF,
    LISTED,
    NOON,
    OFFICER,
    SAME_AS_CHIEF,
    WHY,
    end,
    load,
    screen,
    somebody,
)
from ledger.controls.models import AuditEntry, OutboxMessage
from wekeza.kit.actor import SYSTEM, Actor


class TestDecide:
    @pytest.mark.proves("AM15")
    def test_clears_or_flags_by_two_persons(self, hit):
        screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=OFFICER)
        assert hit.state == "REVIEW"
        assert queries.standing_of(hit.owner_ref).is_held

        screening.decide(hit, agrees=True, reason=WHY, at=NOON, actor=CHIEF)

        assert (hit.state, hit.proposed_person, hit.decided_person) == (
            "CLEARED", OFFICER.person, CHIEF.person,
        )  # fmt: skip
        assert not queries.standing_of(hit.owner_ref).is_held
        assert OutboxMessage.objects.filter(event="screening.cleared").exists()

    @pytest.mark.proves("AM15", "AM17")
    def test_tells_of_a_confirmed_match_at_once_and_in_the_trail(self, hit):
        end(hit, "CONFIRMED")

        standing = queries.standing_of(hit.owner_ref)
        assert standing.is_confirmed
        assert not standing.is_held
        event = OutboxMessage.objects.get(event="screening.confirmed")
        assert event.payload == {"hit": hit.pk, "owner_ref": hit.owner_ref}
        deeds = AuditEntry.objects.filter(subject=f"accounts.hit:{hit.pk}").order_by("pk")
        assert [entry.deed for entry in deeds] == [
            "screening.case_opened", "screening.case_proposed", "screening.case_confirmed",
        ]  # fmt: skip

    def test_is_refused_to_the_person_who_proposed(self, hit):
        screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=CHIEF)

        for actor in (CHIEF, SAME_AS_CHIEF):  # One person with two staff logins is one person.
            with pytest.raises(SamePerson):
                screening.decide(hit, agrees=True, reason=WHY, at=NOON, actor=actor)
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            Hit.objects.filter(pk=hit.pk).update(
                state="CLEARED", decided_person=CHIEF.person, decided_by="X"
            )

    def test_is_for_staff_alone(self, hit):
        """A customer of another name and ID is no second person: the reviewer's own, perhaps."""
        somebody_else = Actor("CUSTOMER", "78", person="person:another-id")
        with pytest.raises(NobodyBehindIt):
            screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=somebody_else)
        screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=OFFICER)

        with pytest.raises(NobodyBehindIt):
            screening.decide(hit, agrees=True, reason=WHY, at=NOON, actor=somebody_else)
        hit.refresh_from_db()
        assert hit.state == "REVIEW"

    def test_is_refused_by_the_database_without_a_proposal(self, hit):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hit.objects.filter(pk=hit.pk).update(state="CLEARED", decided_person="person:x")

    def test_goes_back_when_the_second_person_disagrees(self, hit):
        screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=OFFICER)
        screening.decide(
            hit, agrees=False, reason="Ask for the passport first", at=NOON, actor=CHIEF
        )

        assert hit.state == "OPEN"
        assert list(queries.cases_waiting()) == [hit]

    def test_needs_a_decision_a_reason_and_a_person(self, hit):
        with pytest.raises(NoDecision):
            screening.propose(hit, decision="OPEN", reason=WHY, at=NOON, actor=OFFICER)
        with pytest.raises(ReasonMissing):
            screening.propose(hit, decision="CLEARED", reason="  no   ", at=NOON, actor=OFFICER)
        with pytest.raises(NobodyBehindIt):
            screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=SYSTEM)

    def test_happens_once(self, hit):
        with pytest.raises(CaseNotOpen):
            screening.decide(hit, agrees=True, reason=WHY, at=NOON, actor=CHIEF)
        end(hit, "CLEARED")
        with pytest.raises(CaseNotOpen):
            screening.decide(hit, agrees=True, reason=WHY, at=NOON, actor=CHIEF)
        with pytest.raises(CaseNotOpen):
            screening.propose(hit, decision="CONFIRMED", reason=WHY, at=NOON, actor=OFFICER)

    def test_of_facts_that_changed_meanwhile_is_refused(self, hit):
        screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=OFFICER)
        read = queries.case(hit.pk)
        load(rows=[LISTED.replace("1980-07-04", "1981-01-01")])
        screen(somebody("Kimfano Baraka Tapeli", owner_ref=hit.owner_ref))

        with pytest.raises(CaseNotOpen):
            screening.decide(read, agrees=True, reason=WHY, at=NOON, actor=CHIEF)

    def test_of_a_confirmed_case_can_be_undone_by_two_again(self, hit):
        end(hit, "CONFIRMED")
        screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=OFFICER)
        assert queries.standing_of(hit.owner_ref).is_confirmed  # Until the second agrees.

        screening.decide(hit, agrees=True, reason=WHY, at=NOON, actor=CHIEF)

        assert not queries.standing_of(hit.owner_ref).is_confirmed

    def test_of_no_case_is_refused(self, db):
        with pytest.raises(NoSuchCase):
            queries.case(0)
        with pytest.raises(NoSuchCase):
            screening.propose(Hit(pk=0), decision="CLEARED", reason=WHY, at=NOON, actor=OFFICER)


class TestTheGoodGuyList:
    def test_keeps_a_cleared_case_from_opening_again(self, hit):
        asked = somebody("Kimfano Baraka Tapeli", owner_ref=hit.owner_ref)
        end(hit, "CLEARED")

        found = screen(asked)

        assert (found.hits, found.run.outcome) == ([], "CLEAR")
        assert list(queries.good_guys(hit.owner_ref)) == [hit]

    def test_holds_when_a_new_version_says_the_same(self, hit):
        end(hit, "CLEARED")
        load(rows=[LISTED, "D-2,Zawadi Ndoto Mpya,,,,,,"])

        assert not screen(somebody("Kimfano Baraka Tapeli", owner_ref=hit.owner_ref)).hits

    def test_ends_when_the_owner_changes(self, hit):
        end(hit, "CLEARED")

        [again] = screen(somebody("Baraka Tapeli Kimfano", owner_ref=hit.owner_ref)).hits

        assert (again.state, again.pk == hit.pk) == ("OPEN", False)

    def test_ends_when_the_entry_changes(self, hit):
        end(hit, "CLEARED")
        load(rows=[LISTED.replace("Bazu", "Bazuu")])

        assert screen(somebody("Kimfano Baraka Tapeli", owner_ref=hit.owner_ref)).hits

    def test_is_for_one_owner_and_one_entry(self, hit):
        end(hit, "CLEARED")

        assert screen(somebody("Kimfano Baraka Tapeli")).hits

    def test_opens_no_second_case_for_a_confirmed_match(self, hit):
        end(hit, "CONFIRMED")

        [again] = screen(somebody("Baraka Tapeli Kimfano", owner_ref=hit.owner_ref)).hits

        assert (again, again.state) == (hit, "CONFIRMED")


class TestACaseWhoseFactsChange:
    def test_is_looked_at_again_and_stays_held(self, hit):
        screening.propose(hit, decision="CLEARED", reason=WHY, at=NOON, actor=OFFICER)
        asked = somebody("Baraka Kimfano", owner_ref=hit.owner_ref, date_of_birth=None)

        [same] = screen(asked, cause="CHANGE").hits

        assert (same.pk, same.state) == (hit.pk, "OPEN")
        assert same.score < hit.score
        assert same.outcome == "BLOCK"  # A shorter name does not set anybody free.
        assert same.ours["name"] == "Baraka Kimfano"


class TestSideBySide:
    def test_shows_both_and_why_they_are_alike(self, hit):
        shown = queries.side_by_side(queries.case(hit.pk))

        rows = {name: (ours, theirs) for name, ours, theirs in shown.rows}
        assert rows["name"] == ("Kimfano Baraka Tapeli", "Baraka Tapeli Kimfano")
        assert rows["date_of_birth"] == ("1980-07-04", "1980-07-04")
        assert rows["other_names"] == ("", "Bazu")
        assert rows["document"] == ("••• 677 KE", "")
        assert {part.name: part.value for part in shown.parts} == {
            "alignment": 1, "token_set": 1, "date_of_birth": Decimal("0.05"),
            "country": Decimal("0.03"),
        }  # fmt: skip
        assert ("BARAKA", "BARAKA", Decimal(1)) in shown.pairings
        assert list(queries.runs_of(hit.owner_ref)) == [hit.run]
