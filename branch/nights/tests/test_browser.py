"""The close of business in a real browser, on a phone and on a desk."""

import pytest
from django.conf import settings

from branch.close_of_business import operations as close
from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.close_of_business.states import ChunkState, RunState
from branch.close_of_business.tests.test_runs import after
from ledger.calendar import queries as calendar
from wekeza.kit.actor import SYSTEM
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

pytestmark = pytest.mark.django_db(transaction=True)


class TestTheNights:
    def test_are_accessible_and_whole(self, at_work, live_bank, new_page):
        day = calendar.business_date()
        close.follow_the_clock(at=after(day), actor=SYSTEM)
        run = close.begin(at=after(calendar.business_date()), actor=SYSTEM)
        step = CloseStep.objects.get(run=run, name="accrue")
        CloseChunk.objects.create(
            step=step, first=7, last=7, state=ChunkState.ASIDE, reason="ArithmeticError: example"
        )
        CloseRun.objects.filter(pk=run.pk).update(state=RunState.STOPPED)
        client = at_work("OPERATIONS")
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_bank.url}
        addresses = ["", f"{day}/", f"{run.business_date}/"]

        for size, scheme in LOOKS:
            for address in addresses:
                page = new_page(size=size, scheme=scheme)
                page.context.add_cookies([cookie])
                page.goto(f"{live_bank.url}/workbench/close/{address}")
                assert page.locator("h1").count() == 1
                assert problems_of(page) == [], address
        CloseChunk.objects.filter(step=step).update(state=ChunkState.DONE)
        CloseRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
        close.follow_the_clock(at=after(run.business_date), actor=SYSTEM)
