"""A new key or signing secret on its way from the form to the one page that shows it."""

from wekeza.kit.encryption import decrypt, encrypt

_KEY, _CONTEXT = "partners_secret", "partners.secret_once"


def keep_secret(request, secret: str) -> None:
    """This will keep a secret, sealed, for the next page of this session."""
    request.session[_KEY] = encrypt(secret, context=_CONTEXT)


def take_secret(request) -> str:
    """This will give the secret that waits, if any, and forget it."""
    sealed = request.session.pop(_KEY, "")
    return decrypt(sealed, context=_CONTEXT) if sealed else ""
