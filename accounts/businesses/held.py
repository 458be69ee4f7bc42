"""What the room holds on a person, for the copy of their data."""

from accounts.businesses.models import BeneficialOwner, Invitation, Member, Signature
from accounts.businesses.resolution_models import ResolutionSignature


def roles_held_on(customer) -> list[dict]:
    """This will give the businesses that a customer acts or acted for, and in which role."""
    rows = Member.objects.filter(customer=customer).select_related("business").order_by("-pk")
    return [
        {
            "business": row.business.name,
            "role": row.get_role_display(),
            "since": row.joined_at,
            "ended": row.left_at,
        }
        for row in rows
    ]


def shares_held_on(customer) -> list[dict]:
    """This will give the businesses that named the customer, by national ID, as an owner."""
    same = BeneficialOwner.objects.filter(national_id_index=customer.national_id_index)
    return [
        {"business": row.business.name, "names": row.full_name, "share_percent": row.share_percent}
        for row in same.select_related("business").order_by("-pk")
    ]


def invitations_held_on(customer) -> list[dict]:
    """This will give the calls to act for a business that a customer accepted."""
    rows = Invitation.objects.filter(accepted_by=customer).select_related("business")
    return [
        {"business": row.business.name, "to": row.contact, "answered": row.answered_at}
        for row in rows.order_by("-pk")
    ]


def signatures_held_on(customer) -> list[dict]:
    """This will give what a customer signed for businesses: resolutions, and payments yes or no."""
    resolutions = ResolutionSignature.objects.filter(signer=customer)
    signed = [
        {
            "business": row.resolution.business.name,
            "text_sha256": row.resolution.text_hash,
            "when": row.signed_at,
        }
        for row in resolutions.select_related("resolution__business")
    ]
    decided = Signature.objects.filter(signer=customer).select_related("business")
    signed += [
        {
            "business": row.business.name,
            "what": row.intent,
            "decided": row.get_decision_display(),
            "reason": row.reason,
            "when": row.signed_at,
        }
        for row in decided
    ]
    return sorted(signed, key=lambda row: row["when"], reverse=True)
