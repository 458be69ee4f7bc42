"""The letter of the calendar as a paper: written by the bank, in the customer's language, once."""

import json
from datetime import datetime
from pathlib import Path

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.documents import operations as documents
from accounts.documents.models import Document
from lending.collections import costs, operations, queries
from lending.collections.models import Act, CollectionCase, CollectionContact
from lending.repayments.debts import Debt
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed
from wekeza.kit.words import day, plain

SOURCE = Path(__file__).parent / "data" / "letter.typ"
PAGES = 1  # What stands in it fits on a page whatever the figures are.
Contact = CollectionContact


@deed
def write(case: CollectionCase, *, actor: Actor, at: datetime) -> CollectionContact:
    """
    This will write the letter of a case whose step LETTER waits, by the figures of the moment: a
    PDF among the papers of whoever owes the loan, which the officer prints and sends. The step is
    done, and the letter a contact like others.

    :raises OutsideOfHours: ContactedEnough, CaseOver, NotForYou or OwnLoan, as
        `operations.contact`.
    :raises StepNotDone: if no such step waits: it was written already, or is not due yet.
    """
    row, debt = operations.reached(case, channel=Contact.Channel.LETTER, actor=actor, at=at)
    operations.step_done(row, code=Act.LETTER, channel=Contact.Channel.LETTER)
    loan = row.loan
    letter = documents.file_letter(
        owner_ref=loan.party.owner_ref,
        customer=None if loan.business_id else loan.customer,
        kind=Document.Kind.LOAN_LETTER,
        content=content_of(debt, at=at),
        pages=PAGES,
        actor=actor,
        at=at,
    )
    return operations.keep(
        row, channel=Contact.Channel.LETTER, outcome=Contact.Outcome.SENT, note="", step=Act.LETTER,
        letter=letter, actor=actor, at=at,
    )  # fmt: skip


def content_of(debt: Debt, *, at: datetime) -> bytes:
    """This will write the letter about a late loan as a PDF, in the language of its customer."""
    with translation.override(debt.loan.customer.user.language or "en"):
        words = words_of(debt, at=at)
    return typst.compile(
        SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(words)},
        ignore_system_fonts=True,
    )  # fmt: skip


def words_of(debt: Debt, *, at: datetime) -> dict:
    """This will give every word and figure of the letter in the active language."""
    loan, since = debt.loan, debt.late[0].date
    following = queries.next_step(debt)
    return {
        "lang": translation.get_language()[:2],
        "bank": "Wekeza Bank",
        "date": day(at),
        "to": loan.party.name if loan.business_id else loan.customer.full_name,
        "title": _("Your loan {number} is late").format(number=loan.number),
        "greeting": _("Dear {name},").format(name=loan.customer.full_name),
        "before": [
            _("A payment on your loan was due on {day}. It is {n} days late.").format(
                day=day(since), n=debt.days_late
            ),
        ],
        "facts": [
            [_("Overdue"), plain(debt.asked_by_now)],
            [_("Another day costs"), plain(costs.of_a_day(debt))],
            [_("If you pay it off today"), plain(debt.total)],
        ],
        "after": [
            _(
                "Please put what is overdue into your account ending {ending}: we take it from "
                "there at night. Or pay it yourself under Borrow, any amount."
            ).format(ending=loan.account.ending),
            _(
                "If you cannot pay it all, tell us. Under Borrow you promise what you can pay and "
                "when, and we wait for that day. Or call 0700 123 456, and we find a way together."
            ),
            *(
                [
                    _("What comes next, if nothing is paid: {step}, on {day}.").format(
                        step=following.label, day=day(following.day)
                    )
                ]
                if following
                else []
            ),
            _("If you have just paid, thank you: then nothing is left to do."),
            _("If something is wrong, call 0700 123 456. We answer complaints within 14 days."),
        ],
        "closing": _("Yours faithfully"),
        "from": _("Wekeza Bank, loans"),
    }
