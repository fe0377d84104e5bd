"""Django settings, read from the environment; docs/operators says what each variable does."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from wangge.platform.config import data_dir, secret
from wangge.platform.db.url import database_settings

PACKAGE = Path(__file__).resolve().parents[1]
DATA = data_dir()

DEBUG = os.environ.get("WANGGE_DEBUG") == "1"
SECRET_KEY = secret("WANGGE_SECRET_KEY", DATA / "keys" / "secret.key")
# Key for personal fields and receipt codes. It lives outside the database on purpose.
PERSONAL_KEY = secret("WANGGE_PERSONAL_KEY", DATA / "keys" / "personal.key")
ALLOWED_HOSTS = os.environ.get("WANGGE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("WANGGE_ORIGINS", "").split(",") if o]
# Public address for links in messages and QR codes.
PUBLIC_URL = os.environ.get("WANGGE_PUBLIC_URL", "http://127.0.0.1:8000")
HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    # Its tables and flows only: the pages are ours, so `allauth` itself with its templates stays out.
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "wangge.platform.outbox",
    "wangge.platform.limits",
    "wangge.platform.once",
    "wangge.domain.places",
    "wangge.domain.access",
    "wangge.domain.catalogue",
    "wangge.domain.cases",
    "wangge.domain.rulebook",
    "wangge.domain.orders",
    "wangge.domain.bulk",
    "wangge.domain.boards",
    "wangge.domain.exports",
    "wangge.domain.planning",
    "wangge.domain.office",
    "wangge.domain.register",
    "wangge.domain.visits",
    "wangge.domain.shifts",
    "wangge.domain.enrolment",
    "wangge.domain.field",
    "wangge.domain.exchange",
    "wangge.faces.web",
    "wangge.faces.desk",
    "wangge.faces.portal",
    "wangge.faces.field",
    "wangge.faces.api",
    "wangge.faces.cli",
]

MIDDLEWARE = [
    "wangge.faces.web.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wangge.faces.web.middleware.SecurityHeaders",
    "wangge.faces.web.uploads.UploadBound",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "wangge.faces.web.given.PlainWords",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Last: it opens the actor's scope around the view itself.
    "wangge.faces.web.middleware.ActorScope",
]

ROOT_URLCONF = "wangge.faces.urls"
WSGI_APPLICATION = "wangge.faces.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wangge.faces.web.context.page",
                "wangge.faces.desk.frame.frame",
            ],
        },
    }
]

FORM_RENDERER = "wangge.faces.web.widgets.Renderer"

DATABASES = {"default": database_settings(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_ON_APP_READY = "wangge.platform.jobs.on_app_ready"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["wangge.domain.access.signing_in.Passwords"]
PASSWORD_LENGTH = int(os.environ.get("WANGGE_PASSWORD_LENGTH", "10"))
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:work"
LOGOUT_REDIRECT_URL = "account_login"
# Who must sign in with a second step: off, administrators (and privacy officers) or staff (everybody).
REQUIRE_SECOND_FACTOR = os.environ.get("WANGGE_REQUIRE_SECOND_FACTOR", "administrators")
if REQUIRE_SECOND_FACTOR not in ("off", "administrators", "staff"):
    raise ImproperlyConfigured("WANGGE_REQUIRE_SECOND_FACTOR is off, administrators or staff")
ACCOUNT_ADAPTER = "wangge.faces.desk.signing.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# Attempts are counted by platform.limits, in PostgreSQL and so for all processes together.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "wangge.faces.desk.signing.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A clock that is half a minute off still gives a right code.
MFA_TOTP_TOLERANCE = 1
SESSION_ENGINE = "wangge.domain.access.sessions"
SESSION_COOKIE_AGE = ACCOUNT_SESSION_COOKIE_AGE = 12 * 3600
# A signed-in session that nobody uses for so long is over.
SESSION_IDLE_MINUTES = int(os.environ.get("WANGGE_SESSION_IDLE_MINUTES", "120"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS and os.environ.get("WANGGE_BEHIND_TLS") != "1"
# A proxy of ours ends TLS in front and writes down the client's address.
BEHIND_PROXY = os.environ.get("WANGGE_BEHIND_TLS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "wangge.faces.web.views.csrf_failure"

# Chinese is the language of the source texts; English comes from the catalogue in locale/en.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("WANGGE_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

EMAIL_BACKEND = os.environ.get("WANGGE_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_HOST = os.environ.get("WANGGE_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("WANGGE_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("WANGGE_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("WANGGE_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("WANGGE_EMAIL_TLS") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("WANGGE_EMAIL_FROM", "wangge@localhost")

# Text messages: wangge.platform.sms.Files (data folder), .Http (a gateway), or a class of your own.
SMS_BACKEND = os.environ.get("WANGGE_SMS_BACKEND", "wangge.platform.sms.Files")
SMS_FOLDER = DATA / "sms"
SMS_URL = os.environ.get("WANGGE_SMS_URL", "")
SMS_TOKEN = os.environ.get("WANGGE_SMS_TOKEN", "")

# Who was erased, kept apart from the database, so that a restored backup brings nobody back.
ERASED = Path(os.environ.get("WANGGE_ERASED", DATA / "erased.jsonl"))

# A city's own map in place of our streets, as picture tiles: addresses with {z}, {x} and {y}, the lowest first,
# WGS-84 or CGCS2000 web Mercator.
MAP_PICTURES = os.environ.get("WANGGE_MAP_PICTURES", "").split()
if any(sign not in address for address in MAP_PICTURES for sign in ("{z}", "{x}", "{y}")):
    raise ImproperlyConfigured("each address of WANGGE_MAP_PICTURES needs {z}, {x} and {y}")
MAP_PICTURES_BY = os.environ.get("WANGGE_MAP_PICTURES_BY", "")

# Whoever shows this token may read /metrics; empty: nobody.
METRICS_TOKEN = os.environ.get("WANGGE_METRICS_TOKEN", "")

# Private networks that webhooks may reach, such as "10.20.0.0/16"; public addresses always.
WEBHOOK_NETWORKS = [n for n in os.environ.get("WANGGE_WEBHOOK_NETWORKS", "").split(",") if n]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "wangge.platform.logs.Lines",
            "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
        }
    },
    "filters": {
        "codes": {"()": "wangge.platform.logs.HideReceiptCodes"},
        "request": {"()": "wangge.platform.logs.NameRequest"},
    },
    "handlers": {
        "out": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["codes", "request"]}
    },
    "root": {"handlers": ["out"], "level": os.environ.get("WANGGE_LOG", "WARNING")},
}
