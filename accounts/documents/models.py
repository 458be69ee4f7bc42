"""Papers and photos, sealed on disk; who looked at them; and the dated bounds of taking them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wekeza.kit.dated import DatedNumber
from wekeza.kit.sealed_files import SealedFileField

SEALED_WITH = ("public_id", "kind")


class DocumentTerm(DatedNumber):
    """A bound of taking, showing or keeping documents, as a dated row."""

    class Kind(models.TextChoices):
        MAXIMUM_BYTES = "MAXIMUM_BYTES"
        MAXIMUM_PIXELS = "MAXIMUM_PIXELS"
        MINIMUM_SIDE = "MINIMUM_SIDE"  # Pixels of a picture's shorter side.
        MAXIMUM_PAGES = "MAXIMUM_PAGES"
        ADDRESS_MONTHS = "ADDRESS_MONTHS"  # How old a proof of address may be when it is sent.
        INCOME_MONTHS = "INCOME_MONTHS"  # The same of a proof of income.
        LINK_SECONDS = "LINK_SECONDS"
        MAXIMUM_WAITING = "MAXIMUM_WAITING"  # Of papers of no certain kind, for each owner.
        KEPT_MONTHS = "KEPT_MONTHS"  # After the end of the relationship.


class Document(models.Model):
    """
    One paper of one owner. The file and its thumbnail are sealed with the document's id and kind;
    the name that it had on a phone is kept nowhere.
    """

    class Kind(models.TextChoices):
        ID_FRONT = "ID_FRONT", _("Front of your ID")
        ID_BACK = "ID_BACK", _("Back of your ID")
        SELFIE = "SELFIE", _("Photo of your face")
        PASSPORT = "PASSPORT", _("Passport")
        PROOF_OF_ADDRESS = "PROOF_OF_ADDRESS", _("Proof of address")
        PROOF_OF_INCOME = "PROOF_OF_INCOME", _("Proof of income")
        SALE_AGREEMENT = "SALE_AGREEMENT", _("Invoice or sale agreement")
        VALUATION = "VALUATION", _("Valuer’s report")
        CERTIFICATE = "CERTIFICATE", _("Certificate of registration")
        REGISTRY_EXTRACT = "REGISTRY_EXTRACT", _("Extract of the business registry")
        KRA_CERTIFICATE = "KRA_CERTIFICATE", _("KRA PIN certificate")
        RESOLUTION = "RESOLUTION", _("Resolution to open the account")
        AUDITED_ACCOUNTS = "AUDITED_ACCOUNTS", _("Audited accounts")
        VAT_RETURNS = "VAT_RETURNS", _("VAT returns")
        BANK_STATEMENTS = "BANK_STATEMENTS", _("Bank statements")
        LOAN_LETTER = "LOAN_LETTER", _("Letter about your loan")
        OTHER = "OTHER", _("Other paper")

    # What shows a business's turnover; whoever decides about its loan reads it.
    TURNOVER = (Kind.AUDITED_ACCOUNTS, Kind.VAT_RETURNS, Kind.BANK_STATEMENTS)

    # What the bank writes itself; nobody sends it in, and nobody decides on it.
    WRITTEN_HERE = (Kind.LOAN_LETTER,)

    class State(models.TextChoices):
        STAGED = "STAGED", _("Waiting for us")
        ACTIVE = "ACTIVE", _("Accepted")
        DECLINED = "DECLINED", _("Not accepted")
        EXPIRED = "EXPIRED", _("Expired")
        DISPOSED = "DISPOSED", _("Disposed of")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    owner_ref = models.CharField(max_length=80)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, null=True, related_name="documents"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STAGED)
    content_type = models.CharField(max_length=20)
    size_bytes = models.PositiveIntegerField(help_text="Of the clean copy.")
    pages = models.PositiveSmallIntegerField()
    pixels = models.PositiveIntegerField(help_text="0 of a PDF.")
    file = SealedFileField(context="document.file", bound_to=SEALED_WITH)
    thumbnail = SealedFileField(context="document.thumbnail", bound_to=SEALED_WITH)
    content_index = models.CharField(
        max_length=64, help_text="Keyed hash, by owner, of what was uploaded."
    )
    paper_index = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="The same for every owner; only the rules of fraud ask for it.",
    )
    issued_date = models.DateField(null=True, help_text="As it stands on the paper.")
    expires_date = models.DateField(null=True, help_text="The paper's last day.")
    uploaded_by = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=140, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner_ref", "kind", "-id"], name="documents_of_owner"),
            models.Index(
                fields=["paper_index"], name="documents_same_paper", condition=~Q(paper_index="")
            ),
            models.Index(
                fields=["expires_date"], name="documents_that_expire", condition=Q(state="ACTIVE")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="documents_same_file_once_an_owner",
                fields=["owner_ref", "content_index"],
                condition=Q(state__in=["STAGED", "ACTIVE"]),
            ),
            models.UniqueConstraint(
                name="documents_one_waiting_a_kind",
                fields=["owner_ref", "kind"],
                condition=Q(state="STAGED") & ~Q(kind="OTHER"),
            ),
            models.CheckConstraint(
                name="documents_have_a_file_until_disposed",
                condition=Q(state="DISPOSED", file="", thumbnail="")
                | (~Q(state="DISPOSED") & ~Q(file="")),
            ),
            models.CheckConstraint(
                name="documents_decided_say_by_whom",
                condition=~Q(state__in=["ACTIVE", "DECLINED"])
                | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(
                name="documents_declined_say_why", condition=~Q(state="DECLINED") | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.public_id}"

    @property
    def status(self) -> str:
        """The code of its pill: an active paper is an accepted one, a new one is uploaded."""
        known = {self.State.ACTIVE: "ACCEPTED", self.State.STAGED: "UPLOADED"}
        return known.get(self.state, self.state)

    @property
    def is_from_us(self) -> bool:
        """The bank wrote it."""
        return self.kind in self.WRITTEN_HERE

    @property
    def is_picture(self) -> bool:
        """It can be shown in a page, and has a thumbnail."""
        return self.content_type.startswith("image/")

    @property
    def extension(self) -> str:
        """What the name of a downloaded copy ends in."""
        return {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}[
            self.content_type
        ]


class DocumentView(models.Model):
    """One look at one document: who, when and why. Written before it is shown, never changed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="views")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=80)
    part = models.CharField(max_length=9)
    why = models.CharField(max_length=140)
    seen_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["document", "-id"], name="documents_views_of_one")]
        constraints = [models.CheckConstraint(name="documents_views_say_why", condition=~Q(why=""))]

    def __str__(self):
        return f"#{self.pk} {self.actor} saw {self.document_id}"
