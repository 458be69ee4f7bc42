"""Settings under test: the real ones, a quick password hash and throw-away servers."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("WEKEZA_KEYS", "test:" + "A" * 43 + "=")

from wekeza.settings import *  # noqa: E402, F403
from wekeza.settings import BANK_DATA, PASSWORD_HASHERS, STORAGES, env  # noqa: E402

if not env.text("DATABASE_URL"):
    # The cluster of the tests; wekeza/tests/plugin.py starts it and names the database.
    TEST_CLUSTER = "postgres-test"
    DATABASES["default"] |= env.database_settings(  # noqa: F405
        env.embedded_database_url(BANK_DATA, env.APP_ROLE, name=TEST_CLUSTER)
    ) | {"OPTIONS": DATABASES["default"]["OPTIONS"]}  # noqa: F405

# Argon2id too, but with the least work: hundreds of tests make customers.
PASSWORD_HASHERS = ["branch.demo.hashers.LessWork", *PASSWORD_HASHERS]
if not env.flag("WEKEZA_TEST_SERVER"):  # Servers that tests start share their Valkey.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if not env.flag("WEKEZA_TEST_BROKER"):  # A worker that a test starts takes from a real queue.
    CELERY_TASK_ALWAYS_EAGER = True
    CELERY_TASK_EAGER_PROPAGATES = True
    CELERY_BROKER_URL = "memory://"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "documents": STORAGES["documents"]
    | {"OPTIONS": STORAGES["documents"]["OPTIONS"] | {"location": BANK_DATA / "documents-test"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
WEKEZA_DEMO = True
