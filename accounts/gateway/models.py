"""The log of the API: one row for each request, without what was in it."""

from django.db import models


class ApiCall(models.Model):
    """Who called what, how it ended and how long it took (PA11, PA19, SE30). No bodies."""

    principal = models.CharField(max_length=80, blank=True, default="")
    method = models.CharField(max_length=8)
    route = models.CharField(max_length=120, help_text="The pattern, not the address: no ids.")
    status = models.SmallIntegerField()
    error_code = models.CharField(max_length=40, blank=True, default="")
    ms = models.IntegerField()
    request_id = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=64, blank=True, default="")
    ip_address = models.GenericIPAddressField(null=True)
    called_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["principal", "-id"], name="gateway_calls_of_a_principal"),
            models.Index(fields=["called_at"], name="gateway_calls_by_time"),
        ]
        constraints = [
            models.CheckConstraint(name="gateway_calls_take_time", condition=models.Q(ms__gte=0))
        ]

    def __str__(self):
        return f"#{self.pk} {self.method} {self.route} {self.status}"
