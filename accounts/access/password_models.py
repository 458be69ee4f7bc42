"""What a password must be from which day on, what it was before, and questions of old (X16)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class PasswordPolicy(DatedTerm):
    """
    The switches that the mission asks for by name. All are off in a new bank, for the reasons in
    docs/decisions/0014-password-policy.md; the length and the list of leaked passwords are not.
    """

    least_length = models.SmallIntegerField(default=12)
    remembers = models.SmallIntegerField(
        default=0, help_text="How many earlier passwords may not come back (SE21); 0 is off."
    )
    expires_after_days = models.SmallIntegerField(
        null=True, blank=True, help_text="How long a password may be used (SE22); empty is off."
    )
    needs_capital = models.BooleanField(default=False)
    needs_digit = models.BooleanField(default=False)
    needs_symbol = models.BooleanField(default=False)
    asks_questions = models.BooleanField(
        default=False, help_text="A reset link asks for the answers to security questions."
    )

    class Meta:
        verbose_name_plural = "password policies"
        constraints = [
            models.UniqueConstraint(
                name="access_one_password_policy_a_start", fields=["effective_from"]
            ),
            models.CheckConstraint(
                name="access_password_policy_ends_after_it_starts",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(
                name="access_passwords_are_12_to_64_long",
                condition=Q(least_length__gte=12, least_length__lte=64),
            ),
            models.CheckConstraint(
                name="access_password_history_is_24_at_most",
                condition=Q(remembers__gte=0, remembers__lte=24),
            ),
            models.CheckConstraint(
                name="access_passwords_live_a_day_at_least",
                condition=Q(expires_after_days__isnull=True) | Q(expires_after_days__gte=1),
            ),
        ]

    def __str__(self):
        return f"passwords from {self.effective_from}"


class PastPassword(models.Model):
    """The hash of a password that a login had; kept only while the policy remembers any."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    password = models.CharField(max_length=128)
    until = models.DateTimeField(help_text="When another took its place.")

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="access_past_passwords_of_user")]

    def __str__(self):
        return f"past password #{self.pk} of login {self.user_id}"


class SecurityAnswer(models.Model):
    """The Argon2id hash of one answer of a login; asked only where the policy says so."""

    class Question(models.TextChoices):
        SCHOOL = "SCHOOL", _("What was the name of your first school?")
        FRIEND = "FRIEND", _("Who was your best friend when you were ten?")
        TEACHER = "TEACHER", _("Which teacher do you remember best?")
        DISH = "DISH", _("Which dish did you learn to cook first?")
        SHOP = "SHOP", _("Where did you earn your first money?")

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=8, choices=Question.choices)
    answer_hash = models.CharField(max_length=200)
    failures = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="access_question_is_answered_once_a_login", fields=["user", "question"]
            )
        ]

    def __str__(self):
        return f"answer {self.question} of login {self.user_id}"
