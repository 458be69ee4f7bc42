"""Many at once: a mark is put once and lifted once, and no loan is paid out behind its back."""

from collections import Counter

import pytest

from ledger.tests.racing import at_once
from lending.arrears.tests.steps import lend
from lending.decisions.tests.test_races import outcome
from lending.watch import queries
from lending.watch.tests.steps import agree, ask, ask_lift, risk

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_who_decide_at_once_put_it_once_and_lift_it_once():
    application, people = lend().application, [risk() for _ in range(4)]
    once = {"done": 1, "AlreadyDecided": 3}

    asked = ask(application)
    put = Counter(at_once(4, lambda nth: outcome(lambda: agree(asked, people[nth]))))
    lift = ask_lift(application, queries.standing(application.customer).get())
    lifted = Counter(at_once(4, lambda nth: outcome(lambda: agree(lift, people[nth]))))

    assert (put, lifted) == (once, once)
    (row,) = queries.of(application.customer)
    assert (row.put, row.approval, row.stands) == (asked, lift, False)
