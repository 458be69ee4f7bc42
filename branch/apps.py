from django.apps import AppConfig


class BranchConfig(AppConfig):
    name = "branch"
    default_auto_field = "django.db.models.BigAutoField"
