"""Settings: one file, every choice visible; what differs between installations comes from `cob/env.py`."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cob.env import ROOT, env

DATA_DIR = env.cob_data_dir
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
EMBEDDED = env.embedded
PRODUCTION = env.cob_production
DEBUG = env.cob_debug


def _secret_key() -> str:
    """The operator's key, or in embedded use one made once and kept beside the database."""
    if env.cob_secret_key:
        return env.cob_secret_key
    if PRODUCTION:
        raise ImproperlyConfigured("COB_SECRET_KEY is empty. Set it to 50 or more random characters.")
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.cob_allowed_hosts
CSRF_TRUSTED_ORIGINS = env.cob_trusted_origins

INSTALLED_APPS = [
    "cob.accounts",
    "cob.audit",
    "cob.jobs",
    "cob.patients",
    "cob.coverage",
    "claims",
    "claims.delivery",
    "claims.patient_billing",
    "denials",
    "workqueues",
    "workqueues.kpi",
    "cob.ui",
    "cob",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "template_partials",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cob.accounts.middleware.SignInFirstMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "cob.audit.middleware.ActingMiddleware",
    "cob.accounts.middleware.PrivateResponseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cob.urls"
WSGI_APPLICATION = "cob.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cob.ui.context.desk",
            ],
            "builtins": ["cob.ui.templatetags.desk", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "cob.ui.forms.DeskRenderer"  # labels, hints and errors drawn by templates/components

# --- database -------------------------------------------------------------------------------------------------------
# SQLite: one writer at a time, so writers queue (IMMEDIATE, 20 s) and readers never wait (WAL). Never ATOMIC_REQUESTS:
# every page view would take the write lock.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;"
        "PRAGMA mmap_size=134217728;PRAGMA temp_store=MEMORY;"
    ),
}
_database: dict[str, Any] = dict(
    dj_database_url.parse(env.database_url or f"sqlite:///{DATA_DIR / 'cobdesk.sqlite3'}", conn_max_age=60)
)
if "sqlite" in _database["ENGINE"]:
    _database["OPTIONS"] = SQLITE_OPTIONS
    # A file for tests too: an in-memory database has neither WAL nor a second connection, so it would prove little.
    _database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    _database["CONN_HEALTH_CHECKS"] = True
    # The queues' questions have dozens of subqueries. PostgreSQL reckons them dear and compiles them to machine code
    # first: twenty seconds of compiling for a tenth of a second of work.
    _own = _database.get("OPTIONS", {})
    _database["OPTIONS"] = _own | {"options": f"-c jit=off {_own.get('options', '')}".strip()}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if EMBEDDED
    else {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.cob_redis_url,
        "KEY_PREFIX": "cob",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "cob.accounts.backend.RoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "cob.accounts.adapter.StaffOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# A link an administrator hands over to set a password works once, for a day.
PASSWORD_RESET_TIMEOUT = 86_400
# Behind a proxy every address is the proxy's own, save the last one that it names.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.cob_behind_proxy)
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
USERSESSIONS_TRACK_ACTIVITY = True

SESSION_ENGINE = "cob.accounts.sessions"
SESSION_COOKIE_AGE = env.cob_idle_minutes * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# What a page says of what was done may name a patient: kept in the session, never in a cookie of the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- headers --------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.cob_behind_proxy else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
}

# --- language, time, files ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = env.cob_time_zone
STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a missing folder
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
INBOX_DIR = env.cob_inbox_dir or DATA_DIR / "inbox"
MAILBOX_DIR = env.cob_mailbox_dir or DATA_DIR / "mailboxes"
MAILBOX_SECRETS_DIR = env.cob_mailbox_secrets_dir
UPLOAD_BYTES_MAX = env.cob_upload_mib * 1024 * 1024
# Uploads above 1 MiB go to disk, never to memory; EDI files are streamed from there.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
# A long paper EOB is one form of so many fields (claims.paper.typed); Django's thousand end at some twenty claims.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_PERMISSIONS = 0o600

# --- jobs -----------------------------------------------------------------------------------------------------------
# The Job row is the truth; the broker only wakes a worker, so nothing is lost when its memory is.
CELERY_BROKER_URL = env.cob_redis_url or "memory://localhost"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"polling_interval": 0.05}
    if EMBEDDED
    else {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        # A page that opens a job must not wait for a broker that is away: the sweep wakes the worker later.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "socket_connect_timeout": 2,
    }
)
# Each beat entry only asks `cob.jobs` to open a Job for its slot; a slot opens once however often beat ticks.
JOB_SCHEDULE: dict[str, timedelta | str] = {
    "jobs.sweep": timedelta(minutes=1),
    "jobs.forget": "04:10",
    "sessions.forget": "04:20",
    "claims.watch_inbox": timedelta(seconds=15),
    "delivery.mail": timedelta(minutes=2),
    "delivery.make_batches": "05:45",
    "claims.end_crossovers": "01:50",
    "claims.find_credits": "02:00",
    "claims.check_ledger": "02:40",
    "patient_billing.follow_holds": "02:05",
    "claims.check_visits": "05:30",
    "workqueues.escalate": timedelta(minutes=15),
    "workqueues.nightly": "02:10",
}

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cob.accounts.api.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cob.accounts.api.MayUse"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cob.accounts.api.PlainJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "cob.accounts.api.plain_errors",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "COB Desk API",
    "VERSION": "1",
    "DESCRIPTION": "Who pays first, who pays next, what each owes. At most 600 calls a minute for each person.",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cob.accounts.openapi.answers_of_any_address",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Notices go by mail only where a server is named; what else Django would mail is printed.
_MAIL = urlsplit(env.cob_mail_url)
MAILS_NOTICES = bool(_MAIL.hostname)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAILS_NOTICES else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = _MAIL.hostname or "", _MAIL.port or 587, 20
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_TLS = MAILS_NOTICES
DEFAULT_FROM_EMAIL = env.cob_mail_from
SILENCED_SYSTEM_CHECKS: list[str] = []

from cob.logging import LOGGING  # noqa: E402,F401  the log policy has a room of its own
