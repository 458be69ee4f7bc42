"""Door keys: one request, one answer, however often it is sent."""

import pytest
from django.db import IntegrityError, transaction

from ledger.controls import doors
from ledger.controls.models import DoorKey
from ledger.factories import LedgerAccountFactory
from ledger.refusals import ReferenceReused
from ledger.tests.racing import at_once

pytestmark = pytest.mark.django_db
DOOR = {"owner": "customer:1", "route": "transfers", "key": "k-1"}
FACTS = {"amount": "5.00", "to": "0012000000013"}


class TestAKey:
    def test_is_new_until_it_is_kept(self):
        account = LedgerAccountFactory()
        assert doors.answered(**DOOR, facts=FACTS) is None

        doors.keep(**DOOR, facts=FACTS, subject=account)

        assert doors.answered(**DOOR, facts=FACTS) == account.pk

    def test_knows_the_same_facts_in_another_order(self):
        doors.keep(**DOOR, facts=FACTS, subject=LedgerAccountFactory())

        assert doors.answered(**DOOR, facts=dict(reversed(FACTS.items())))

    @pytest.mark.parametrize("facts", [{}, FACTS | {"amount": "5.01"}, FACTS | {"memo": ""}])
    def test_is_refused_with_other_facts(self, facts):
        doors.keep(**DOOR, facts=FACTS, subject=LedgerAccountFactory())

        with pytest.raises(ReferenceReused) as refused:
            doors.answered(**DOOR, facts=facts)

        assert refused.value.envelope()["error_code"] == "REFERENCE_REUSED"
        assert refused.value.status == 422

    @pytest.mark.parametrize(
        "other", [{"owner": "customer:2"}, {"route": "topups"}, {"key": "k-2"}]
    )
    def test_of_another_owner_route_or_key_never_matches(self, other):
        doors.keep(**DOOR, facts=FACTS, subject=LedgerAccountFactory())

        assert doors.answered(**DOOR | other, facts=FACTS) is None

    def test_goes_with_the_deed_that_is_rolled_back(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            doors.keep(**DOOR, facts=FACTS, subject=LedgerAccountFactory())
            raise ZeroDivisionError

        assert doors.answered(**DOOR, facts=FACTS) is None


@pytest.mark.django_db(transaction=True)
class TestTheSameRequestAtOnce:
    def test_is_kept_once_and_the_others_find_it(self):
        account = LedgerAccountFactory()
        door = DOOR | {"key": "k-race"}

        def ask(_):
            try:
                with transaction.atomic():
                    doors.keep(**door, facts=FACTS, subject=account)
            except IntegrityError:
                return doors.answered(**door, facts=FACTS)
            return "kept"

        results = at_once(16, ask)

        assert results.count("kept") == 1
        assert results.count(account.pk) == 15
        assert DoorKey.objects.filter(key="k-race").count() == 1
