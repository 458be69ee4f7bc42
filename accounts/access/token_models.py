"""Tokens of programs that a person signed in with: one family for each sign-in."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TokenFamily(models.Model):
    """
    One sign-in of a program and every token that came from it. Each request asks whether it is open
    (`sid` in the token is its `public_id`), so that ending it works at once.
    """

    class Ended(models.TextChoices):
        OUT = "OUT", _("Signed out")
        EVERYWHERE = "EVERYWHERE", _("Signed out everywhere")
        REUSED = "REUSED", _("An old token came again")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    password_mark = models.CharField(
        max_length=64, help_text="Keyed hash of the password's hash: another password ends it."
    )
    session = models.UUIDField(
        null=True, help_text="The row of the sessions list that shows this sign-in."
    )
    device = models.CharField(max_length=120, blank=True, default="")
    ip_address = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="No token of it is good from this moment on.")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=Ended.choices, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "token families"
        indexes = [
            models.Index(
                fields=["user"], name="access_open_token_families", condition=Q(ended_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="access_token_family_ends_for_a_reason",
                condition=Q(ended_at=None, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
            models.CheckConstraint(
                name="access_token_family_lasts", condition=Q(expires_at__gt=F("began_at"))
            ),
        ]

    def __str__(self):
        return f"tokens {self.public_id}"


class RefreshToken(models.Model):
    """The digest of one refresh token; it is good once, and the next one takes its place."""

    family = models.ForeignKey(TokenFamily, on_delete=models.PROTECT, related_name="refresh_tokens")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="access_one_unused_refresh_token_a_family",
                fields=["family"],
                condition=Q(used_at=None),
            )
        ]

    def __str__(self):
        return f"refresh token {self.pk} of {self.family_id}"
