"""What can be done to a login. Codes, PINs and the authenticator app have modules of their own."""

from accounts.access import challenges, mfa, pins

__all__ = ["challenges", "mfa", "pins"]
