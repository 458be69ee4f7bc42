"""Taking payments on loans, from the account they were paid out to unless another is named."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.notifications import operations as notifications
from accounts.tariffs import queries as tariffs
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, Line, credit, debit
from ledger.money import Money
from ledger.refusals import AccountClosed, AccountFrozen, InsufficientFunds, ReferenceReused
from lending.lines import queries as lending_lines
from lending.lines.models import Role
from lending.loans import locks, versions
from lending.loans import queries as loans
from lending.loans.models import Loan, LoanInstalment, ScheduleVersion
from lending.loans.states import LIFECYCLE, OWED, LoanState
from lending.repayments import allocation, debts, queries, recoveries
from lending.repayments.allocation import Share
from lending.repayments.debts import NOTHING, Debt
from lending.repayments.models import Allocation, Part, Repayment
from lending.repayments.recoveries import Claim
from lending.repayments.refusals import (
    AccountStopped,
    LoanPaid,
    MoreThanOwed,
    NotEnoughInAccount,
)
from lending.schedules import ahead
from lending.schedules.instalments import Instalment, Rate
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.failpoints import failpoint
from wekeza.kit.receipts import receipt_no

KIND = "LOAN_REPAYMENT"
DUTY = "2210"
Channel = Repayment.Channel


@deed
def repay(loan: Loan, *, money: Money, reference: str, at: datetime, actor: Actor) -> Repayment:
    """
    This will pay on a loan from its account, in KES, in the order of `AllocationOrder`; the
    last shilling makes the loan PAID. Asked again by the same reference it gives the first payment.

    :raises NotYourRole: if it is a business's, for which the actor neither signs nor directs.
    :raises LoanPaid: if nothing is owed any more.
    :raises MoreThanOwed: if it is more than is owed today.
    :raises NotEnoughInAccount: if the account has less available (BW14).
    :raises AccountStopped: if the account pays nothing out now.
    :raises ReferenceReused: if the reference stands for another amount.
    """
    loans.check_may_repay(actor, loan)
    row = locked(loan)
    known = row.repayments.filter(reference=reference).first()
    if known is not None:
        if known.money != money:
            raise ReferenceReused(reference=reference)
        return known
    debt = owed_of(row, on=calendar.business_date())
    if not debt.total:
        raise LoanPaid
    if money > debt.total:
        raise MoreThanOwed(owed=debt.total)
    facts = {"reference": reference, "channel": Channel.CUSTOMER, "at": at, "actor": actor}
    try:
        with transaction.atomic():  # After a refusal the account is looked at once more.
            return _take(debt, money, account=row.account, **facts)
    except InsufficientFunds as refusal:
        available = deposit_queries.standing_of(row.account).available
        raise NotEnoughInAccount(
            available=available, required=money, deficit=money - available
        ) from refusal
    except (AccountFrozen, AccountClosed) as refusal:
        raise AccountStopped(ending=row.account.ending) from refusal


def sweep(*, day: date, first: int, last: int, at: datetime) -> int:
    """
    This will collect what is due of the loans from `first` to `last` on the business date
    `day` or before, from their accounts: as much as is available, and never what is held. Each loan
    is a transaction of its own, once a day; it gives how many paid something.
    """
    return sum(_sweep(loan, day=day, at=at) for loan in to_collect(day=day, first=first, last=last))


def to_collect(*, day: date, first: int = 0, last: int | None = None) -> Iterable[Loan]:
    """This will give the loans of a range of ids of which something is due by a day."""
    due = LoanInstalment.standing.filter(due__lte=day, loan__pk__gte=first)
    rows = Loan.objects.filter(state__in=OWED, pk__in=due.values("loan"))
    if last is not None:
        rows = rows.filter(pk__lte=last)
    return rows.order_by("pk")


@transaction.atomic
def _sweep(loan: Loan, *, day: date, at: datetime) -> bool:
    row, reference = locked(loan), f"sweep:{day}"
    if not row.is_owed or row.repayments.filter(reference=reference).exists():
        return False
    debt = owed_of(row, on=day)
    money = min(debt.asked_by_now, deposit_queries.standing_of(row.account).available)
    if money.amount <= 0:
        return False
    facts = {"reference": reference, "channel": Channel.SWEEP, "at": at, "actor": SYSTEM}
    try:
        with transaction.atomic():
            _take(debt, money, account=row.account, **facts)
    except (InsufficientFunds, AccountFrozen, AccountClosed):
        return False  # Spent meanwhile, or stopped: the next night asks again.
    return True


@inside_transaction
def pay_as_ordered(
    debt: Debt | Claim, *, account: DepositAccount, money: Money, reference: str, at: datetime
) -> Repayment:
    """
    This will pay on a loan from an account of its own people's choice, as their standing
    instruction says. The caller holds the loan, and asks for no more than is owed.

    :raises InsufficientFunds: if the account has less; AccountFrozen or AccountClosed, if it pays
        nothing out.
    """
    facts = {"reference": reference, "channel": Channel.STANDING, "at": at, "actor": SYSTEM}
    with transaction.atomic():  # After a refusal the caller looks at the account once more.
        return _take(debt, money, account=account, **facts)


def owed_of(loan: Loan, *, on: date) -> Debt | Claim:
    """This will work out what is owed of a loan on a business date, in the books or off them."""
    return recoveries.claim_on(loan, on=on) if loan.is_off_books else debts.of(loan, on=on)


@inside_transaction
def locked(loan: Loan) -> Loan:
    """This will give a loan as it is now, locked until the transaction ends."""
    parts = ("customer__user", "business", "account__ledger_account", "ledger_account")
    return locks.locked(loan, *parts, "product", "term")


def _take(
    debt: Debt | Claim, money: Money, *, account: DepositAccount, reference, channel, at, actor
) -> Repayment:
    facts = {
        "account": account, "reference": reference, "channel": channel, "at": at, "actor": actor,
    }  # fmt: skip
    if isinstance(debt, Claim):
        return recoveries.take(debt, money, **facts)
    row = take(debt, money=money, **facts)
    _tell(row, debt)
    return row


@inside_transaction
def take(
    debt: Debt, *, money: Money, account: DepositAccount, reference: str, channel: str,
    at: datetime, actor: Actor, **place,
) -> Repayment:  # fmt: skip
    """
    This will take a payment on a loan in the books from an account, as of the day of the debt,
    without a word to the customer; `place` is what a replay says of the payment. The caller holds
    the loan, and asks for no more than is owed.

    :raises InsufficientFunds: AccountFrozen or AccountClosed, as `journal.post`.
    """
    loan, order = debt.loan, queries.order_of(debt.loan, on=debt.on, performs=debt.performs)
    shares = allocation.split(debt, money, parts=order.parts)
    unearned = _unearned(debt, shares)
    kept = _suspended(debt, shares, unearned)
    serial = queries.next_serial()
    receipt, left = receipt_no("RP", serial), debt.total - money
    subject = audit.subject_of(loan)
    told = {"number": loan.number, "money": str(money), "left": str(left)}
    posted = journal.post(
        owner=loan.party.owner_ref,
        reference=f"repayment:{loan.number}:{reference}",
        kind=KIND,
        lines=[debit(account.ledger_account, money), *_lines(loan, shares, unearned, kept)],
        actor=actor,
        at=at,
        source=subject,
        branch=account.branch,
        receipt_no=receipt,
        # What is booked anew had left the account before.
        is_below_minimum=channel == Channel.SWEEP or "replaces" in place,
        audit=[Audit("loan.repaid", subject, told)],
    )
    failpoint("loan.repaid")
    row = Repayment.objects.create(
        pk=serial, loan=loan, reference=reference, account=account, channel=channel,
        amount=money.amount, unearned=unearned.amount, owed_after=left.amount,
        suspended=(kept[0] + kept[1]).amount,
        entry_id=posted.entry_id, receipt_no=receipt, business_date=posted.business_date,
        value_date=debt.on, order=order, **{"paid_at": at} | place,
    )  # fmt: skip
    _allocate(row, debt, shares)
    if not left:
        LIFECYCLE.move(loan, to=LoanState.PAID, paid_date=posted.business_date, updated_at=at)
    return row


def _allocate(row: Repayment, debt: Debt, shares: list[Share]) -> None:
    """What each share pays; it may cut the running period, and give up what is over the ceiling."""
    cut = _cut(debt, shares, on=row.business_date)
    Allocation.objects.bulk_create(
        Allocation(
            repayment=row,
            part=share.part,
            instalment=share.due and (cut if share.due is debt.running else share.due.instalment),
            amount=share.amount.amount,
        )
        for share in shares
    )
    if debt.ceiling is not None:
        _waive(debt, shares)


def _cut(debt: Debt, shares: list[Share], *, on: date) -> LoanInstalment | None:
    """
    This will end the running period today, where something of it is paid, and give the instalment
    that ends now: what comes after it is on what is still owed.
    """
    if not any(share.due is debt.running for share in shares if share.due):
        return None
    loan, place = debt.loan, debt.dues.index(debt.running)
    term = loan.term
    rows = ahead.cut(
        [_instalment(due) for due in debt.dues[place:]],
        on=debt.on,
        interest=debt.accrued,
        paid=sum(
            (
                one.amount
                for one in shares
                if one.due is debt.running and one.part == Part.PRINCIPAL
            ),
            NOTHING,
        ),
        rate=Rate(loan.percent, term.method, term.periods, term.day_count),
    )
    return versions.replace(loan, rows, why=ScheduleVersion.Why.PAID_AHEAD, on=on)[0]


def _instalment(due) -> Instalment:
    row = due.instalment
    return Instalment(
        row.number, row.due, row.contractual, due.whole_principal, due.whole_interest, NOTHING
    )


def _waive(debt: Debt, shares: list[Share]) -> None:
    """
    This will give up the interest above the ceiling of instalments that are paid otherwise: the
    nights did not earn it, and nobody may be asked for it (section 44A; kenya.md 4.3).
    """
    for due in debt.billed:
        paid = sum((share.amount for share in shares if share.due is due), NOTHING)
        if paid != due.total:
            continue
        of_interest = due.instalment.allocations.filter(part=Part.INTEREST)
        asked = of_interest.aggregate(total=Sum("amount"))["total"] or 0
        waived = due.instalment.interest - asked
        LoanInstalment.objects.filter(pk=due.instalment.pk).update(waived=waived)


def _unearned(debt: Debt, shares: list[Share]) -> Money:
    """
    This will give what of the interest in a payment no night has earned: what the nights earned is
    paid first (decision 36: the rest is income when it is paid).
    """
    interest = allocation.of_part(shares, Part.INTEREST)
    earned_and_owed = debt.interest - debt.unearned
    return max(interest - earned_and_owed, NOTHING)


def _suspended(debt: Debt, shares: list[Share], unearned: Money) -> tuple[Money, Money]:
    """
    This will give what of the interest and of the penalties in a payment was kept in suspense: all
    that was earned of a loan that performs no more. Now that it is paid, it is income.
    """
    if debt.ceiling is None:
        return NOTHING, NOTHING
    interest = allocation.of_part(shares, Part.INTEREST, Part.LATE)
    return interest - unearned, allocation.of_part(shares, Part.PENALTY)


def _lines(loan, shares: list[Share], unearned: Money, kept) -> list[Line]:
    penalty = allocation.of_part(shares, Part.PENALTY)
    interest = allocation.of_part(shares, Part.INTEREST, Part.LATE)
    fee = tariffs.split(
        allocation.of_part(shares, Part.FEE),
        loan.term.fee_excise_class,
        on=calendar.business_date(),
    )
    places = lending_lines.in_force()
    parts = [  # kenya.md 11.2, REPAYMENT split and PREPAYMENT fee.
        (places[Role.PENALTIES_OWED], penalty),
        (places[Role.INTEREST_OWED], interest - unearned),
        (places[Role.INTEREST_INCOME], unearned + kept[0]),
        (places[Role.PENALTY_INCOME], kept[1]),
        (places[Role.FEE_INCOME], fee.net),
        (chart.line(DUTY), fee.duty),
        (loan.ledger_account, allocation.of_part(shares, Part.PRINCIPAL)),
    ]
    released = kept[0] + kept[1]
    return [
        *([debit(places[Role.SUSPENSE], released)] if released else []),
        *(credit(account, part) for account, part in parts if part),
    ]


def _tell(row: Repayment, debt: Debt) -> None:
    loan = debt.loan
    now = debts.of(loan, on=debt.on) if row.left else None
    following = now and now.next_due
    context = {
        "amount": str(row.money),
        "number": loan.number,
        "left": str(row.left) if row.left else "",
        "day": following.date if following else None,
        "is_late": following is not None and following.date < debt.on,
        # What falls due then, where that is not all of it.
        "next": str(now.next_payment) if now and now.next_payment != now.owed else "",
    }
    notifications.queue(user=loan.customer.user, channel="SMS", kind="loan_repaid", context=context)
