"""Which papers a business of one legal form brings, as dated rows."""

from django.db import models

from accounts.documents.models import Document
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class PaperRequirement(DatedTerm):
    """One paper that businesses of one legal form bring; a later row of it may say: no longer."""

    class LegalForm(models.TextChoices):
        """As the registry writes it in front of its numbers (kenya.md 7.2)."""

        PVT = "PVT", "Private company"
        PLC = "PLC", "Public company"
        CPR = "CPR", "Company with an older number"
        CLG = "CLG", "Company limited by guarantee"
        FC = "FC", "Foreign company"
        LLP = "LLP", "Limited liability partnership"
        BN = "BN", "Business name"

    legal_form = models.CharField(max_length=3, choices=LegalForm.choices)
    kind = models.CharField(max_length=20, choices=Document.Kind.choices)
    is_required = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_a_form_asks_for_a_paper_once",
                fields=["legal_form", "kind", "effective_from"],
            ),
            models.CheckConstraint(
                name="businesses_paper_rows_end_after_they_start",
                condition=ENDS_AFTER_IT_STARTS,
            ),
        ]

    def __str__(self):
        return f"{self.legal_form} brings {self.kind} from {self.effective_from}"
