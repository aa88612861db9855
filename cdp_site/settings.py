"""All settings, by environment. Without any, a checkout runs: database and broker of its own start in the data folder.

The table of all variables is in docs/operate.md. A variable that cannot be understood stops the start.
"""

import json
import sys
from ipaddress import ip_network
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import embedded

django_stubs_ext.monkeypatch()  # generic classes such as ModelAdmin[Model] may be subscripted

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

KINDRED_ENV = env.str("KINDRED_ENV", "development")
if KINDRED_ENV not in {"development", "production"}:
    raise ImproperlyConfigured(f"KINDRED_ENV is {KINDRED_ENV!r}: write development or production.")
PRODUCTION = KINDRED_ENV == "production"
DEBUG = env.bool("DEBUG", False)
PORT = env.int("PORT", 8000)
DATA_DIR = Path(env.str("KINDRED_DATA", "") or BASE_DIR / "data").expanduser().resolve()

LOCAL_HOSTS = [".localhost", "127.0.0.1", "[::1]"]
if PRODUCTION:
    SECRET_KEY = env.str("SECRET_KEY")
    if not SECRET_KEY:
        raise ImproperlyConfigured("SECRET_KEY is empty: write at least 50 random characters.")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
else:
    SECRET_KEY = env.str("SECRET_KEY", "") or embedded.secret_key(DATA_DIR)
    # Everybody knows a demo's passwords: a page elsewhere must not get in by calling itself this machine.
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if env.str("BIND", "") else LOCAL_HOSTS)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = env.str("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
try:
    TRUSTED_PROXIES = [ip_network(text.strip(), strict=False) for text in env.list("TRUSTED_PROXIES", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error}. Write addresses or networks, by commas.") from error

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_celery_beat",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "anymail",
    "core",
    "lake",
    "jobs",
    "sources",
    "profiles",
    "rules",
    "measures",
    "segments",
    "messaging",
    "journeys",
    "workspace",
    "demo",
    "cdp_site",
]

MIDDLEWARE = [
    "cdp_site.health.health_middleware",
    "core.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.Authentication",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.ButtonAddresses",
    "core.middleware.WorkspaceTimeZone",
    "core.middleware.Errors",
]

ROOT_URLCONF = "cdp_site.urls"
WSGI_APPLICATION = "cdp_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.page",
            ],
        },
    }
]

# Commands that need neither database nor broker: no server of our own is started for them.
OFFLINE_COMMANDS = {"help", "version", "-h", "--help", "--version", "compilemessages", "makemessages", "collectstatic"}
OFFLINE = Path(sys.argv[0]).name == "manage.py" and (sys.argv[1:2] or ["help"])[0] in OFFLINE_COMMANDS
DATABASE_URL = env.str("DATABASE_URL", "") or ("postgres:///offline" if OFFLINE else embedded.database_url(DATA_DIR))
REDIS_URL = env.str("REDIS_URL", "") or ("redis://offline" if OFFLINE else embedded.redis_url(DATA_DIR))

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL: postgres://user:password@host:5432/name")
DATABASES["default"] |= {
    "ENGINE": "core.postgres",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60),
    "CONN_HEALTH_CHECKS": True,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KEY_PREFIX = env.str("REDIS_PREFIX", "kindred")  # two installations may share one Redis
CACHES = {
    "default": {
        "BACKEND": "core.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": KEY_PREFIX,
        # One more try is for a connection that a restarted server closed; a page does not wait for one that is away.
        "OPTIONS": {"socket_timeout": 5, "retry": Retry(NoBackoff(), 1)},
    }
}

AUTHENTICATION_BACKENDS = ["core.backends.Permissions"]
SESSION_ENGINE = "core.sessions"

# Kombu's own spelling of a socket's address
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{KEY_PREFIX}:celery:",
    "visibility_timeout": 7 * 3600,  # longer than any task may take; the sweep re-rings for what was lost
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 6 * 3600 + 60
CELERY_TASK_SOFT_TIME_LIMIT = 6 * 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"

LAKE_URL = env.str("LAKE_URL", str(DATA_DIR / "lake"))
LAKE_ENGINE = env.str("LAKE_ENGINE", "duckdb")  # or sc://host:port, a Spark Connect server that sees the lake's folder
LAKE_MEMORY_LIMIT = env.str("LAKE_MEMORY_LIMIT", "4GB")
LAKE_THREADS = env.int("LAKE_THREADS", 0)  # 0: one per core

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # where nobody reads: people see times in the zone of the workspace

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000  # bytes of what is no file: the largest workspace file, as JSON
MEDIA_ROOT = DATA_DIR / "uploads"
SOURCE_PATHS = env.list("SOURCE_PATHS", default=[])
WORKSPACE_VARIABLES = env.list("WORKSPACE_VARIABLES", default=[])
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # our own pages show previews of e-mails in frames

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.rest_tokens.ApiTokens",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "core.rest_bodies.JsonBody",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PERMISSION_CLASSES": ["core.rest.ModelPermissions"],
    "DEFAULT_PAGINATION_CLASS": "core.rest.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.SearchFilter",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.rest_errors.error_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kindred API",
    "VERSION": "1",
    "DESCRIPTION": "Everything that the pages do, for programs. Make a token under Settings, API, and send it along: "
    "`Authorization: Token …`. It may do what you may do. A refusal is "
    '`{"error": {"code", "message", "fields", "place"}}`.',
    "SCHEMA_PATH_PREFIX": "/api/v1",  # what comes after it groups the addresses
    "PREPROCESSING_HOOKS": ["core.rest.public"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {  # many things have a "state"
        "JobStateEnum": "jobs.models.Job.State",
        "ConsentStateEnum": "messaging.models.consent.ConsentState",
    },
}
SPECTACULAR_SETTINGS |= dict.fromkeys(("SWAGGER_UI_DIST", "SWAGGER_UI_FAVICON_HREF", "REDOC_DIST"), "SIDECAR")

SINK_PORT = env.int("SINK_PORT", PORT + 25)
SINK_URL = f"smtp://127.0.0.1:{SINK_PORT}"
EMAIL_URL = env.str("EMAIL_URL", "") or SINK_URL
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "") or "django.core.mail.backends.smtp.EmailBackend"  # or Anymail's …
ANYMAIL = json.loads(env.str("ANYMAIL", "") or "{}")  # … with its settings
MAIL_EVENTS_SECRET = env.str("MAIL_EVENTS_SECRET", "")  # part of the address that the provider reports to
USES_SINK = EMAIL_URL == SINK_URL and EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 30
EMAIL_CONNECTIONS = max(1, env.int("EMAIL_CONNECTIONS", 3))  # of one sender at a time; Microsoft 365 takes three
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Kindred <hello@kindred.example>")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.Lines", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
