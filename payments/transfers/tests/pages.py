"""What somebody does on the pages of a transfer, for tests."""

import re
from uuid import uuid4

from django.test import Client

from accounts.deposits import queries as deposit_queries
from accounts.factories import DepositAccountFactory

SEND = "/move/transfers/send/"


def juma_and_grace(*, balance="5000"):
    return (
        DepositAccountFactory(customer__full_name="Juma Otieno", balance=balance),
        DepositAccountFactory(customer__full_name="Grace Wanjiku Mwangi"),
    )


def signed_in(account) -> Client:
    page = Client()
    page.force_login(account.customer.user)
    return page


def details_of(page, recipient, amount, *, reason="") -> dict:
    form = page.context["form"]
    return {
        "reference": form["reference"].value() or uuid4(),
        "replaces": form["replaces"].value() or "",
        "source": form["source"].value(),
        "recipient": recipient,
        "amount": amount,
        "reason": reason,
    }


def drafted(page, payee, amount) -> str:
    """The address of the check page of a new draft."""
    return page.post(SEND, details_of(page.get(SEND), payee.number, amount))["Location"]


def text(answer) -> str:
    """What a person reads: no tags, one space between words."""
    page = re.sub(
        r"</(p|div|li|dt|dd|h1|h2|td|th|abbr)>|</span><span", r" \g<0>", answer.content.decode()
    )
    words = re.sub(r"<[^>]+>", "", page)
    return " ".join(words.replace("\xa0", " ").replace("&nbsp;", " ").split())


def balance(account):
    return deposit_queries.standing_of(account).balance
