"""
Settings of the bank, read from the environment; `.env.example` names every variable.

Importing this module starts nothing. Without DATABASE_URL and REDIS_URL it points at the embedded
servers of the data folder, which `./bank run` starts.
"""

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wekeza import api_settings, wiring
from wekeza.runtime import env, secrets
from wekeza.schedule import SCHEDULE

BASE_DIR = env.ROOT
BANK_DATA = env.data_folder()

# ---- What kind of bank this is
PRODUCTION = env.flag("PRODUCTION")
DEBUG = env.flag("DEBUG")
WEKEZA_DEMO = env.flag("WEKEZA_DEMO")
_own = {} if PRODUCTION else secrets.of_folder(BANK_DATA)
SECRET_KEY = env.text("SECRET_KEY", _own.get("SECRET_KEY", ""))
WEKEZA_KEYS = env.text("WEKEZA_KEYS", _own.get("WEKEZA_KEYS", ""))
WEKEZA_INDEX_KEY = env.text("WEKEZA_INDEX_KEY", _own.get("WEKEZA_INDEX_KEY", ""))

# ---- Where it answers
HOST = env.text("HOST") or env.text("LOCAL_HOST", "127.0.0.1")
PORT = env.number("PORT", env.number("LOCAL_PORT", 8000))
# HOST=0.0.0.0 opens the demo to the local network, whose addresses nobody knows beforehand.
_own_names = "*" if HOST == "0.0.0.0" and not PRODUCTION else f"localhost,127.0.0.1,[::1],{HOST}"  # noqa: S104
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else _own_names)
_here = "localhost" if HOST in {"127.0.0.1", "0.0.0.0"} else HOST  # noqa: S104
SITE_URL = env.text("SITE_URL", f"http://{_here}:{PORT}")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
ROOT_URLCONF = "wekeza.urls"
WSGI_APPLICATION = "wekeza.wsgi.application"

INSTALLED_APPS = [
    "branch.workbench.apps.WorkbenchConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "django_otp",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "wekeza.runtime",
    "ledger",
    "accounts",
    "payments",
    "lending",
    "insurance",
    "branch",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wekeza.kit.request_id.RequestIdMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "wekeza.kit.cookieless.NoCookies",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "wekeza.kit.language.Language",
    "wekeza.kit.outage.WrongMethod",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.access.doorkeeper.Doorkeeper",
    "accounts.access.middleware.IdleTimeout",
    "accounts.access.middleware.LostSession",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.access.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "wekeza.kit.ui_tags",
                "wekeza.kit.figure_tags",
                "wekeza.kit.record_tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.access.context.last_seen",
                "accounts.notifications.context.demo_bank",
            ],
        },
    }
]

# ---- Database: the application role owns nothing; WEKEZA_ROLE=owner is for migrations
DATABASE_URL = env.text("DATABASE_URL") or env.embedded_database_url(BANK_DATA, env.APP_ROLE)
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL") or (
    "" if env.text("DATABASE_URL") else env.embedded_database_url(BANK_DATA, env.OWNER_ROLE)
)
WEKEZA_ROLE = env.text("WEKEZA_ROLE", "app")
APP_ROLE = env.database_settings(DATABASE_URL)["USER"]
DATABASES = {
    "default": env.django_database(
        (WEKEZA_ROLE == "owner" and DATABASE_OWNER_URL) or DATABASE_URL,
        pooled=env.flag("DB_POOL"),
        limited=WEKEZA_ROLE != "owner",
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

# ---- Cache, sessions, task queue. A dead cache is a cache miss; the database keeps the sessions.
REDIS_URL = env.text("REDIS_URL") or f"unix://{env.valkey_socket(BANK_DATA)}"
CELERY_BROKER_URL, CACHE_URL = env.redis_urls(REDIS_URL)
CACHES = {"default": {"BACKEND": "wekeza.kit.cache.SoftRedisCache", "LOCATION": CACHE_URL}}
FRAGMENT_SECONDS = 15 * 60  # The longest that a piece of a page is kept; 0 keeps none.
SESSION_ENGINE = "wekeza.kit.sessions"  # Those of cached_db, sealed.
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CUSTOMER_IDLE_MINUTES = env.number("CUSTOMER_IDLE_MINUTES", 10)
STAFF_IDLE_MINUTES = 15

VISIBILITY_SECONDS = 15 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_SECONDS}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = VISIBILITY_SECONDS - 120
CELERY_TASK_TIME_LIMIT = VISIBILITY_SECONDS - 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TIMEZONE = "Africa/Nairobi"
CELERY_IMPORTS = ["wekeza.tasks"]
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(BANK_DATA / "beat")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# ---- Who comes in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.access.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
OTP_LOGIN_URL = LOGIN_URL
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "accounts.partners.hashers.PartnerKeyHasher",
    # Hashes of customers who come from another bank still verify, and are renewed at login (X14).
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 30 * 60  # Seconds; for links by e-mail and by text (SE24).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.access.validators.LengthValidator"},
    {"NAME": "accounts.access.validators.LeakedPasswordValidator"},
    # Off unless a row of PasswordPolicy turns them on (X16).
    {"NAME": "accounts.access.validators.CompositionValidator"},
    {"NAME": "accounts.access.validators.EarlierPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
]
# A k-anonymity range service beside the list in the repository; none unless named (decision 26).
LEAKED_PASSWORD_RANGE_URL = env.text("LEAKED_PASSWORD_RANGE_URL")

# ---- allauth: accounts by e-mail or phone, codes by text and mail, second factors
ACCOUNT_ADAPTER = "accounts.access.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = 5
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Wrong passwords are counted in the database (accounts/access/logins.py), not in a cache that may
# be away. By address the numbers are wide: a mobile network puts thousands behind one.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "verify_phone": "1/30s/key,60/m/ip",
    "change_phone": "5/m/user",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)
ACCOUNT_FORMS = {
    name: f"accounts.access.forms.{form}"
    for name, form in {
        "login": "Login",
        "signup": "Register",
        "verify_phone": "ConfirmPhone",
        "confirm_email_verification_code": "ConfirmEmail",
        "change_phone": "ChangePhone",
        "change_email": "ChangeEmail",
        "add_email": "AddEmail",
        "reset_password": "ResetPassword",
        "reset_password_from_key": "SetNewPassword",
        "change_password": "ChangePassword",
        "reauthenticate": "Reauthenticate",
    }.items()
}
MFA_ADAPTER = "accounts.access.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # Finger, face or the device's PIN, each time.
MFA_TOTP_ISSUER = "Wekeza Bank"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.access.forms.LoginWithApp",
    "reauthenticate": "accounts.access.forms.ReauthenticateWithApp",
    "activate_totp": "accounts.access.forms.ActivateApp",
    "add_webauthn": "accounts.access.passkey_forms.AddPasskey",
    "edit_webauthn": "accounts.access.passkey_forms.NamePasskey",
    "authenticate_webauthn": "accounts.access.passkey_forms.LoginWithPasskey",
    "login_webauthn": "accounts.access.passkey_forms.LoginWithPasskeyAlone",
    "reauthenticate_webauthn": "accounts.access.passkey_forms.ReauthenticateWithPasskey",
}

# ---- allauth as the partners' identity provider; everything else of it is closed (partners/doors)
IDP_OIDC_ADAPTER = "accounts.partners.adapters.PartnerAdapter"
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 10 * 60
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 180 * 24 * 3600  # The longest consent; each ends its own.

# ---- The API: JSON only, by token only; wekeza/api_urls.py has its addresses
ACCESS_TOKEN_MINUTES = env.number("ACCESS_TOKEN_EXPIRE_MINUTES", 60)
REFRESH_TOKEN_MINUTES = env.number("REFRESH_TOKEN_EXPIRE_MINUTES", 7 * 24 * 60)
SHORT_TOKEN_MINUTES = 30  # What /token gives (000:63).
# The mission's short addresses beside /api/ (X6).
API_PATHS = ("/token", "/users/me", "/accounts/me", "/accounts/deposit", "/wallet/deposit")
API_PATHS += ("/transactions/history", "/loans/apply", "/loans/active", "/loans/repay")
API_PER_MINUTE = {"address": 600, "principal": 300, "money": 60, "sign_in": 60, "upload": 20}
API_ADDRESS = "accounts.access.context.address_of"
API_LOG = "accounts.gateway.operations.note"
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_settings.described_at(SITE_URL)

# ---- Four eyes: what the lower floors are told of the upper ones (wekeza/wiring.py)
APPROVABLE = wiring.APPROVABLE
WHO_MAY_ASK = wiring.WHO_MAY_ASK
WHO_MAY_DECIDE = wiring.WHO_MAY_DECIDE
WHO_HOLDS = wiring.WHO_HOLDS
PERMISSIONS = wiring.PERMISSIONS
TERMS = wiring.TERMS
PROOFS = wiring.PROOFS
KEPT_BY_ROOMS = wiring.KEPT_BY_ROOMS

# ---- Languages, time, files
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("sw", _("Kiswahili"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Africa/Nairobi"
USE_TZ = True
FORMAT_MODULE_PATH = ["wekeza.kit.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = BANK_DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Everything in here is sealed (wekeza/kit/sealed_files.py).
    "documents": {
        "BACKEND": "wekeza.kit.sealed_files.DurableStorage",
        "OPTIONS": {
            "location": BANK_DATA / "documents",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_HANDLERS = ["wekeza.kit.uploads.MemoryOnly"]  # Nothing unsealed touches a disk.

# ---- Backups: where they lie, as whom the database is read for them, how long they are kept
BACKUP_FOLDER = env.folder("BACKUP_FOLDER", BANK_DATA / "backups")
BACKUP_URL = env.text("BACKUP_URL") or DATABASE_OWNER_URL
BACKUP_KEEP_DAYS = env.number("BACKUP_KEEP_DAYS", 35)

# ---- Messages to customers leave through the outbox
SMTP_SERVER = env.text("SMTP_SERVER")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Wekeza Bank <no-reply@localhost>")
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN")
TWILIO_FROM = env.text("TWILIO_FROM")
TWILIO_BASE_URL = env.text("TWILIO_BASE_URL", "https://api.twilio.com")

# ---- Who tells whether customers are who they say; ./bank run pretends both for a demo bank
IPRS_URL = env.text("IPRS_URL")
IPRS_TOKEN = env.text("IPRS_TOKEN")
PHONE_OWNER_URL = env.text("PHONE_OWNER_URL")
PHONE_OWNER_TOKEN = env.text("PHONE_OWNER_TOKEN")

# ---- Who tells how customers repay: a credit bureau, pretended in the same way
METROPOL_URL = env.text("METROPOL_URL")
METROPOL_PUBLIC_KEY = env.text("METROPOL_PUBLIC_KEY")
METROPOL_PRIVATE_KEY = env.text("METROPOL_PRIVATE_KEY")

# ---- What customers may have a copy of; lower floors read it here, because they import no roof
PERSONAL_DATA = wiring.PERSONAL_DATA

# ---- What the browser is told (ux.md decision 3: one policy for every page)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        **{f"{kind}-src": [SELF] for kind in ("script", "style", "img", "font", "connect")},
        **{f"{kind}-src": [SELF] for kind in ("manifest", "worker")},
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "midi")
} | {f"publickey-credentials-{deed}": ["self"] for deed in ("create", "get")}
CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS")  # Nobody, unless a partner is named.
CORS_URLS_REGEX = rf"^(/api/.*|{'|'.join(API_PATHS)})$"  # Pages are for no other site.
CORS_ALLOW_HEADERS = ["accept", "accept-language", "authorization", "content-type"]
CORS_ALLOW_HEADERS += ["idempotency-key", "x-request-id"]
CORS_EXPOSE_HEADERS = ["Retry-After", "WWW-Authenticate", "X-Request-ID"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "wekeza.kit.outage.csrf_failure"

# Secure cookies and HTTPS; only a bank that is no production bank may do without.
HTTPS = PRODUCTION or SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TLS_PROXY") else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "wekeza.kit.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # The sweeper comes every second; only what goes wrong is worth a line.
        **{f"celery.{part}": {"level": "WARNING"} for part in ("app.trace", "beat")},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
