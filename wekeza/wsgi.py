import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")

application = get_wsgi_application()

from wekeza.runtime import refusals  # noqa: E402  Needs the settings.

refusals.refuse_to_start()
