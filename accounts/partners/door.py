"""The base of every address below /api/v1/partner/: quotas, and the consent behind the call."""

from django.utils import timezone

from accounts.partners import consents, queries
from accounts.partners import operations as partners
from accounts.partners.authentication import PartnerToken
from accounts.partners.refusals import AddressNotAllowed, AppClosed, ConsentOver, QuotaUsed
from wekeza.kit.api import Door

REFUSES = [AppClosed, AddressNotAllowed, ConsentOver, QuotaUsed]
FOR = {"kinds": ("PARTNER",)}


class PartnerDoor(Door):
    """One address for apps. A consent that is over opens nothing, however young the token is."""

    authentication_classes = (PartnerToken,)
    tag = "Partners"

    def initial(self, request, *args, **kwargs):
        """This will refuse, after all that a Door does, by quota and by consent."""
        super().initial(request, *args, **kwargs)
        at, grant = timezone.now(), request.grant
        self.quota = partners.count_call(grant.app, at=at)
        scope = getattr(self, request.method.lower()).operation.scope
        relied_on = queries.standing(grant, scope=scope, at=at) if scope else None
        if relied_on is None:
            return
        if grant.user is not None and not relied_on.exists():
            raise ConsentOver
        if "number" in kwargs:
            relied_on = relied_on.filter(accounts__number=kwargs["number"])
        consents.note_use(list(relied_on.values_list("pk", flat=True)), at=at)

    def finalize_response(self, request, response, *args, **kwargs):
        """This will also say how much of the minute's quota is left."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if hasattr(self, "quota"):
            most, left = self.quota
            response["X-RateLimit-Limit"], response["X-RateLimit-Remaining"] = str(most), str(left)
        return response
