"""Paying a loan out: the money, the loan, its schedule and the receipt, all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.notifications import operations as notifications
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, Line, credit, debit
from ledger.refusals import AccountClosed, AccountFrozen, InsufficientFunds, MaximumBalance
from lending.applications.models import LoanApplication
from lending.applications.queries import whose
from lending.applications.states import LIFECYCLE, ApplicationState
from lending.lines import queries as lending_lines
from lending.lines.models import Role
from lending.loans import versions
from lending.loans.models import Loan, LoanInstalment
from lending.loans.states import OWED
from lending.products.quotes import Quote
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.errors import Refusal
from wekeza.kit.failpoints import failpoint
from wekeza.kit.receipts import receipt_no

KIND, FEE_KIND = "LOAN_DISBURSEMENT", "LOAN_FEE"
TO_SELLER = "SELLER"  # The memo by which a seller's statement tells it apart.
DUTY = "2210"


class OneAtATime(Refusal):
    """Facts: number, the loan that is not paid yet, and left, what is still owed of it."""

    code = "one_loan_at_a_time"
    status = 409
    text = _("You have a loan to pay back first: {number}. Then you can take the next one")


class NoRoomForIt(Refusal):
    """Facts: maximum, what the account may hold, and room, what still fits."""

    code = "no_room_for_loan"
    status = 409
    text = _(
        "Your account may hold {maximum}, so there is room for {room} now. Nothing was paid out. "
        "Move money out first, or raise your limits"
    )


class SellerTakesNothing(Refusal):
    """Facts: ending."""

    code = "seller_takes_nothing"
    status = 423
    text = _(
        "The seller’s account ending {ending} cannot take this money now. Nothing was paid out. "
        "Call us"
    )


class FeeNotThere(Refusal):
    """Facts: fee and ending."""

    code = "fee_not_there"
    status = 409
    text = _(
        "The fee of {fee} is taken from your account ending {ending}, and it is not there. Nothing "
        "was paid out. Put it in first"
    )


class AccountTakesNothing(Refusal):
    """Facts: ending."""

    code = "account_takes_nothing"
    status = 423
    text = _("Your account ending {ending} takes no money now. Nothing was paid out. Call us")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the customer agreed to: the hash of the words, the way they signed, and when."""

    text_hash: str
    way: str
    at: datetime


@inside_transaction
def pay_out(
    application: LoanApplication,
    *,
    quote: Quote,
    account: DepositAccount,
    agreement: Agreement,
    at: datetime,
    actor: Actor,
) -> Loan:
    """
    This will lend what was quoted: principal to the customer's account, the fee from it, loan and
    schedule, in the caller's transaction (BW08 to BW11; kenya.md 11.2, LOAN_DISBURSEMENT and
    LOAN_FEE). Where the application names a seller, the principal goes to them. The caller holds
    the application's row, which becomes TAKEN.

    :raises OneAtATime: if a loan of the product is not paid yet.
    :raises NoRoomForIt: if the account would hold more than it may.
    :raises AccountTakesNothing: if it is frozen or closed.
    :raises SellerTakesNothing: if the seller's account takes it not; FeeNotThere, if the customer's
        does not hold the fee.
    """
    party, product = application.party, application.product
    before = Loan.objects.filter(**whose(party), product=product, state__in=OWED).first()
    if before is not None:
        raise OneAtATime(number=before.number)
    borrowed = ledger_accounts.open_account(
        control=product.principal_line,
        code=receipt_no("LN", application.pk),
        name=account.holder_name,
        actor=actor,
        branch=account.branch,
    )
    posted = _post(application, quote, account, borrowed, at=at, actor=actor)
    failpoint("loan.paid_out")
    loan = _keep(application, quote, account, borrowed, agreement, entry_id=posted.entry_id)
    LoanInstalment.objects.bulk_create(versions.written(loan, quote.instalments))
    LIFECYCLE.move(application, to=ApplicationState.TAKEN, updated_at=at)
    _tell(loan, quote)
    return loan


def _keep(application, quote, account, borrowed, agreement, *, entry_id: int) -> Loan:
    return Loan.objects.create(
        number=borrowed.code,
        customer=application.customer,
        business=application.business,
        application=application,
        product=application.product,
        term=quote.term,
        account=account,
        ledger_account=borrowed,
        principal=quote.principal.amount,
        percent=quote.percent,
        fee=quote.fee.net.amount,
        tenor=quote.tenor,
        start_date=quote.start,
        entry_id=entry_id,
        receipt_no=receipt_no("DB", application.pk),
        agreed_hash=agreement.text_hash,
        agreed_by=agreement.way,
        agreed_at=agreement.at,
    )


def _post(application, quote, account, borrowed, *, at, actor) -> journal.Posted:
    owner, subject = application.party.owner_ref, audit.subject_of(application)
    facts = {"owner": owner, "actor": actor, "at": at, "source": subject, "branch": account.branch}
    told = {"number": borrowed.code, "money": str(quote.principal)}
    payee = application.payee
    target = (payee or account).ledger_account
    try:
        with transaction.atomic():  # After a refusal the account is looked at once more.
            posted = journal.post(
                reference=f"loan:{application.public_id}",
                kind=KIND,
                lines=[debit(borrowed, quote.principal), credit(target, quote.principal)],
                receipt_no=receipt_no("DB", application.pk),
                audit=[Audit("loan.paid_out", subject, told)],
                memo=TO_SELLER if payee else "",
                **facts,
            )
            if quote.fee.gross:
                journal.post(
                    reference=f"loan-fee:{application.public_id}",
                    kind=FEE_KIND,
                    lines=_fee_lines(account.ledger_account, quote),
                    **facts,
                )
    except InsufficientFunds as refusal:
        raise FeeNotThere(fee=quote.fee.gross, ending=account.ending) from refusal
    except (MaximumBalance, AccountFrozen, AccountClosed) as refusal:
        raise _refused(refusal, payee, account) from refusal
    return posted


def _refused(refusal: Refusal, payee: DepositAccount | None, account: DepositAccount) -> Refusal:
    """Why nothing was paid out; of a seller's account nobody is told more than that."""
    if payee is not None:
        return SellerTakesNothing(ending=payee.ending)
    if isinstance(refusal, MaximumBalance):
        holding = deposit_queries.standing_of(account)
        return NoRoomForIt(maximum=holding.maximum, room=holding.room)
    return AccountTakesNothing(ending=account.ending)


def _fee_lines(target, quote: Quote) -> list[Line]:
    deferred = lending_lines.in_force()[Role.FEES_DEFERRED]
    parts = [(deferred, quote.fee.net), (chart.line(DUTY), quote.fee.duty)]
    return [
        debit(target, quote.fee.gross),
        *(credit(account, part) for account, part in parts if part),
    ]


def _tell(loan: Loan, quote: Quote) -> None:
    payee = loan.application.payee
    context = {
        "amount": str(quote.principal if payee else quote.received),
        "seller": payee.holder_name if payee else "",
        "number": loan.number,
        "total": str(quote.total),
        "day": quote.repaid_by,
    }
    notifications.queue(
        user=loan.customer.user, channel="SMS", kind="loan_paid_out", context=context
    )
