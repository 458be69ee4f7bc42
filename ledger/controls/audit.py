"""The audit trail: one line for each deed, written in the deed's own transaction."""

from django.db.models import Model

from ledger.controls.models import AuditEntry
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction


@inside_transaction
def record(*, actor: Actor, deed: str, subject: Model, **detail) -> None:
    """This will add one line to the audit trail; amounts and dates are kept as text."""
    AuditEntry.objects.create(
        actor=str(actor),
        deed=deed,
        subject=subject_of(subject),
        detail={
            key: value if isinstance(value, bool) else str(value) for key, value in detail.items()
        },
    )


def subject_of(row: Model) -> str:
    """This will name a row for the trail: label and id, as `payments.transfer:17`."""
    return f"{row._meta.label_lower}:{row.pk}"
