from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # The one room with signals (decision 21): it follows what allauth and django-otp do.
        import_module("accounts.access.signals")
