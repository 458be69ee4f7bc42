"""Settings of the bank that is measured: the real ones. Only its customers are made quickly."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" + "x" * 50)
os.environ.setdefault("WEKEZA_KEYS", "bench:" + "A" * 43 + "=")

from wekeza.settings import *  # noqa: E402, F403
from wekeza.settings import PASSWORD_HASHERS  # noqa: E402

# Thousands of customers are made beforehand; no password is checked while the clock runs.
PASSWORD_HASHERS = ["branch.demo.hashers.LessWork", *PASSWORD_HASHERS]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
