"""How a login is found again at each request."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.access.models import User


class Backend(AuthenticationBackend):
    """allauth's own; the customer behind the login comes in the same query, for every page asks."""

    def get_user(self, user_id):
        user = User.objects.select_related("customer").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
