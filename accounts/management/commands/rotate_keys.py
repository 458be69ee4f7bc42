"""`./bank manage rotate_keys`: seal everything with the newest key of WEKEZA_KEYS."""

from django.core.management.base import BaseCommand

from accounts.access import rotation


class Command(BaseCommand):
    help = "Seal every encrypted value with the newest key of WEKEZA_KEYS. Safe to run again."

    def handle(self, **options):
        for column, count in rotation.rotate().items():
            self.stdout.write(f"{count:>8}  {column}")
