"""What each product asks for, as dated rows; and which papers an application came with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class Needs(models.TextChoices):
    """One thing that a product asks for, in the words of its list."""

    INCOME = "INCOME", _("What you take home in a month")
    GROSS = "GROSS", _("What you earn in a month before tax")
    SALARY = "SALARY", _("A salary that comes into your account here")
    PAYSLIP = "PAYSLIP", _("A payslip or another proof of income")
    THING = "THING", _("What you buy, its price, and the seller’s account here")
    INVOICE = "INVOICE", _("The seller’s invoice or the sale agreement")
    VALUATION = "VALUATION", _("A valuer’s report")
    AGE = "AGE", _("Your age when it is paid back")
    PERSON = "PERSON", _("A person looks at every application")


class LoanRequirement(DatedTerm):
    """One thing that a product asks for; a later row of it may say: no longer."""

    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    needs = models.CharField(max_length=10, choices=Needs.choices)
    is_asked = models.BooleanField(default=True, help_text="Without it, no longer.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_a_product_asks_for_it_once",
                fields=["product", "needs", "effective_from"],
            ),
            models.CheckConstraint(
                name="lending_requirement_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
        ]

    def __str__(self):
        return f"{self.product_id} asks for {self.needs} from {self.effective_from}"


class LoanEvidence(models.Model):
    """One paper that an application came with; added with it, never changed."""

    application = models.ForeignKey(
        "lending.LoanApplication", on_delete=models.PROTECT, related_name="evidence"
    )
    document = models.ForeignKey("accounts.Document", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="loan_evidence_names_a_paper_once", fields=["application", "document"]
            )
        ]

    def __str__(self):
        return f"{self.application_id} came with {self.document_id}"
