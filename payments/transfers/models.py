"""Transfers between accounts of this bank: the intent, its authorisation and its outcome."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.deposits.models import ReachedBy, owner_ref
from ledger.money import Money
from payments.transfers.states import TransferState
from wekeza.kit.receipts import receipt_no
from wekeza.kit.words import account_number, masked_phone, phone


class Transfer(models.Model):
    """
    A customer's instruction to move money. It starts as a draft that the customer checks; it is
    paid once, when it is authorised. An edit cancels the draft and makes a new one. Where it is a
    business that pays, `customer` is the member who made it, and it waits for its signatures.
    """

    class AuthorisedBy(models.TextChoices):
        PIN = "PIN"
        NEW_PIN = "NEW_PIN"  # In the place of a forgotten one, in its first day.
        CODE = "CODE"
        TOTP = "TOTP"
        KEY = "KEY"  # A passkey signed it.
        OWN = "OWN"  # Between accounts of one customer a program's token is enough.
        SIGNATURES = "SIGNATURES"  # Of a business; each with its own PIN, code or passkey.

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(  # Found by the index below, as by the reference's.
        "accounts.Customer", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reference = models.UUIDField(help_text="The idempotency key of the form.")
    source = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="transfers_out"
    )
    target = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="transfers_in"
    )
    payee_name = models.CharField(max_length=120, help_text="The name that was shown and checked.")
    payee_reached_by = models.CharField(max_length=10, choices=ReachedBy.choices)
    payee_shown = models.CharField(
        max_length=40, default="", help_text="Phone or account number as it was, mostly hidden."
    )
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3, default="KES")
    fee = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    fee_duty = models.DecimalField(
        max_digits=20, decimal_places=4, default=0, help_text="The excise inside the fee."
    )
    reason = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(
        max_length=10, choices=TransferState.choices, default=TransferState.DRAFT
    )
    authorised_by = models.CharField(
        max_length=10, choices=AuthorisedBy.choices, blank=True, default=""
    )
    receipt_no = models.CharField(max_length=12, blank=True, default="")
    entry = models.ForeignKey(  # Found by its own unique index.
        "ledger.Entry", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    requested_at = models.DateTimeField()
    held_until = models.DateTimeField(help_text="A draft can be authorised up to this moment.")
    paid_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "target", "state"], name="transfers_to_a_payee")
        ]
        constraints = [
            models.UniqueConstraint(
                name="transfer_reference_is_used_once_by_its_customer",
                fields=["customer", "reference"],
            ),
            models.UniqueConstraint(
                name="transfer_receipt_number_is_unique",
                fields=["receipt_no"],
                condition=~Q(receipt_no=""),
            ),
            models.UniqueConstraint(
                name="transfer_has_its_own_entry",
                fields=["entry"],
                condition=Q(entry__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_amount_is_positive", condition=Q(amount__gt=0, amount__lt=10**16)
            ),
            models.CheckConstraint(
                name="transfer_fee_is_not_negative", condition=Q(fee__gte=0, fee__lt=10**16)
            ),
            models.CheckConstraint(
                name="transfer_duty_is_inside_its_fee",
                condition=Q(fee_duty__gte=0, fee_duty__lte=F("fee")),
            ),
            models.CheckConstraint(
                name="transfer_goes_somewhere_else", condition=~Q(source=F("target"))
            ),
            models.CheckConstraint(
                name="transfer_is_paid_with_an_entry_and_a_receipt",
                condition=Q(
                    state__in=["DRAFT", "WAITING", "CANCELLED", "REJECTED"], entry__isnull=True
                )
                | (
                    Q(state="PAID", entry__isnull=False, paid_at__isnull=False)
                    & ~Q(receipt_no="")
                    & ~Q(authorised_by="")
                ),
            ),
            models.CheckConstraint(
                name="transfer_waits_for_signatures_of_a_business_only",
                condition=Q(business__isnull=False)
                | ~Q(state__in=["WAITING", "REJECTED"]) & ~Q(authorised_by="SIGNATURES"),
            ),
            models.CheckConstraint(
                name="transfer_of_a_business_is_paid_by_signatures",
                condition=Q(business__isnull=True)
                | ~Q(state="PAID")
                | Q(authorised_by="SIGNATURES"),
            ),
        ]

    def __str__(self):
        return f"transfer {self.public_id}"

    @property
    def money(self) -> Money:
        """What the payee gets."""
        return Money.rounded(self.amount, self.currency)

    @property
    def fee_money(self) -> Money:
        """What the bank takes, excise inside."""
        return Money.rounded(self.fee, self.currency)

    @property
    def duty_money(self) -> Money:
        """The excise inside the fee, as it was when the customer was shown it."""
        return Money.rounded(self.fee_duty, self.currency)

    @property
    def total(self) -> Money:
        """What leaves the account."""
        return self.money + self.fee_money

    @property
    def future_receipt_no(self) -> str:
        """The receipt number that it has, or will have once it is paid; it never changes."""
        return self.receipt_no or receipt_no("MV", self.pk)

    @property
    def is_draft(self) -> bool:
        return self.state == TransferState.DRAFT

    @property
    def is_waiting(self) -> bool:
        """It waits for signatures of a business."""
        return self.state == TransferState.WAITING

    @property
    def is_open(self) -> bool:
        """It can still become a payment."""
        return self.is_draft or self.is_waiting

    @property
    def owner_ref(self) -> str:
        """Under whose name it is referenced and counted: the party that pays."""
        return owner_ref(customer=self.customer_id, business=self.business_id)

    @property
    def payer_name(self) -> str:
        return self.business.name if self.business_id else self.customer.full_name

    @property
    def is_sent(self) -> bool:
        """The money has moved, whatever came later."""
        return self.state == TransferState.PAID

    @property
    def is_reached_by_phone(self) -> bool:
        return self.payee_reached_by == ReachedBy.PHONE

    @property
    def payee_first_name(self) -> str:
        return self.payee_name.split()[0]

    @property
    def payee_short_name(self) -> str:
        """First name and the initial of the last, for buttons: Grace M."""
        names = self.payee_name.split()
        return f"{names[0]} {names[-1][0]}."

    @property
    def recipient(self) -> str:
        """
        What the payer typed to reach the payee: phone or account number, with gaps. Nothing if the
        payee has another phone by now, which is not the payer's to know.
        """
        if not self.is_reached_by_phone:
            return account_number(self.target.number)
        number = self.target.customer.user.phone
        return phone(number) if masked_phone(number) == self.payee_shown else ""

    @property
    def masked_recipient(self) -> str:
        """The same as it was then, so that a glance over the shoulder tells little."""
        return self.payee_shown

    @property
    def is_own(self) -> bool:
        """Between accounts of one customer; a business has no customer: two of them are not one."""
        return not self.business_id and self.target.customer_id == self.customer_id

    @property
    def is_between_own_accounts(self) -> bool:
        return self.target.owner_ref == self.owner_ref
