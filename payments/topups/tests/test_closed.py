"""A bank without a rail takes no money and says so."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from accounts.factories import DepositAccountFactory, actor_of
from ledger.money import kes
from payments.topups import operations as topups
from payments.topups.models import TopUp
from payments.topups.refusals import NoWayOpen

pytestmark = pytest.mark.django_db


class TestWithoutARail:
    def test_nothing_is_asked_and_nothing_is_kept(self):
        account = DepositAccountFactory()

        with pytest.raises(NoWayOpen):
            topups.top_up(
                reference=uuid4(),
                account=account,
                money=kes(10),
                at=datetime.now(UTC),
                actor=actor_of(account.customer),
            )
        assert not TopUp.objects.filter(account=account).exists()
