"""Where allauth's identity provider meets this bank."""

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings


class PartnerAdapter(DefaultOIDCAdapter):
    """Tokens are opaque and name nobody; only the bank's own address issues them."""

    def get_issuer(self) -> str:
        return settings.SITE_URL
