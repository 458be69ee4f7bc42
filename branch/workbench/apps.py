"""Puts our workbench in place of Django's admin site."""

from django.contrib.admin.apps import AdminConfig


class WorkbenchConfig(AdminConfig):
    default_site = "branch.workbench.site.Workbench"
