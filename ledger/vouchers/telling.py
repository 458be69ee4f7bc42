"""A voucher in words and figures: what the request for it keeps, and what its reader is shown."""

from decimal import Decimal

from ledger.approvals.operations import Change
from ledger.chart.models import LedgerAccount, Side
from ledger.journal.lines import Line
from ledger.money import LARGEST_INPUT
from ledger.vouchers import queries
from ledger.vouchers.models import Voucher


def facts_of(row: Voucher, lines: list[Line]) -> dict:
    """
    This will give everything that is posted, as JSON keeps it; the second person's yes is to
    exactly this.
    """
    return {
        "voucher": row.pk,
        "number": row.number,
        "kind": row.kind,
        "narrative": row.narrative,
        "value_date": row.value_date and row.value_date.isoformat(),
        "paper_ref": row.paper_ref,
        "customer_reason": row.customer_reason,
        "reverses": row.reverses_id,
        "may_overdraw": row.may_overdraw,
        "lines": [[line.side, line.account_id, str(line.money)] for line in lines],
    }


def changes_of(row: Voucher, lines: list[Line]) -> list[Change]:
    """This will give what the second person reads, line by line."""
    accounts = queries.accounts_of(lines)
    sides = {Side.DEBIT.value: "Debit", Side.CREDIT.value: "Credit"}
    found = [
        Change(f"{sides[line.side]} {_named(accounts[line.account_id])}", "", str(line.money))
        for line in lines
    ]
    found.append(Change("Narrative", "", row.narrative))
    found.append(Change("Value date", "", str(row.value_date or "The day of posting")))
    for label, said in (
        ("Paper", row.paper_ref),
        ("Why a customer’s account", row.customer_reason),
        ("Takes back entry", str(row.reverses_id or "")),
        ("May go below zero", "Yes" if row.may_overdraw else ""),
    ):
        if said:
            found.append(Change(label, "", said))
    return found


def impact_of(row: Voucher, lines: list[Line]) -> str:
    """This will say in a line what a voucher touches."""
    customers = sum(account.is_guarded for account in queries.accounts_of(lines).values())
    told = f"Voucher {row.number}, {row.get_kind_display().lower()}: {len(lines)} lines"
    if customers:
        told += f", of these accounts of customers: {customers}"
    return told


def amount_of(lines: list[Line]) -> Decimal:
    """
    This will give what limits of roles bind: the debits in KES. No rate stands here, so that
    another currency is more than any limit: whoever decides it has none.
    """
    totals = queries.totals_of(lines)
    if any(total.debits.currency != "KES" for total in totals):
        return LARGEST_INPUT
    return totals[0].debits.amount


def _named(account: LedgerAccount) -> str:
    """A customer's account is named by its number alone; their name is for who opens the file."""
    return account.code if account.is_guarded else f"{account.code} {account.name}"
