"""What staff do from the pages of the books; the deeds themselves are the ledger's."""

from datetime import date, datetime

from branch.books import queries
from ledger.approvals.models import Approval
from ledger.periods import operations as periods
from ledger.vouchers import operations as vouchers
from ledger.vouchers import queries as voucher_queries
from ledger.vouchers.models import Voucher
from wekeza.kit.actor import Actor


def ask(voucher: Voucher, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to post a voucher. Nobody asks or decides about an account of
    their own.

    :raises AboutYou: if whoever asks is one of them; and as `ledger.vouchers.operations.ask`.
    """
    accounts = voucher_queries.accounts_of(voucher_queries.lines_of(voucher)).values()
    return vouchers.ask(
        voucher, reason=reason, about=queries.persons_of(accounts), actor=actor, at=at
    )


def change_period(
    *, deed: str, first_date: date, reason: str, actor: Actor, at: datetime
) -> Approval:
    """
    This will ask a second person to close a month, to open it again, or to end its year.

    :raises PeriodNotOver: and every other refusal of ledger.periods.
    """
    who = {"reason": reason, "actor": actor, "at": at}
    if deed == "close":
        return periods.ask_close(first_date=first_date, **who)
    if deed == "reopen":
        return periods.ask_reopen(first_date=first_date, **who)
    return periods.ask_year_end(year=first_date.year, **who)
