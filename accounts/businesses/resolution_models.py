"""What the directors of a business resolved about it, and their signatures under that."""

from django.db import models
from django.db.models import Q

from accounts.businesses.models import Business


class Resolution(models.Model):
    """What the directors resolved, word for word; signed by each, replaced, never edited."""

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="resolutions")
    text = models.TextField()
    text_hash = models.CharField(max_length=64, help_text="SHA-256 of the text that was shown.")
    language = models.CharField(max_length=5)
    replaced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_one_standing_resolution",
                fields=["business"],
                condition=Q(replaced_at=None),
            )
        ]

    def __str__(self):
        return f"#{self.pk} resolution of {self.business_id}"


class ResolutionSignature(models.Model):
    """One director's signature under a resolution."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="businesses_director_signs_once", fields=["resolution", "signer"]
            )
        ]

    def __str__(self):
        return f"#{self.pk} under {self.resolution_id}"
