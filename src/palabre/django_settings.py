"""Django's settings, all derived from the one typed object of `palabre.settings`."""

from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from palabre.embedded import PROGRAM, Cluster
from palabre.keys import secret_key
from palabre.settings import LANGUAGES as KNOWN_LANGUAGES
from palabre.settings import current

_settings = current()
_package = Path(__file__).parent

SECRET_KEY = secret_key(_settings)
DEBUG = False
ALLOWED_HOSTS = list(_settings.allowed_hosts)
ROOT_URLCONF = "palabre.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["palabre.people.backend.Backend"]
APPEND_SLASH = True

ROOMS = (
    "record",
    "people",
    "messages",
    "decisions",
    "timesheet",
    "pay",
    "work",
    "quality",
    "exchange",
    "impact",
    "web",
)
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "ninja",
    *(f"palabre.{room}" for room in ROOMS),
    # No room: it has pages, but no tables.
    "palabre.installation",
]

MIDDLEWARE = [
    "palabre.web.requests.RequestMiddleware",
    "palabre.web.health.ProbeMiddleware",
    "palabre.web.compression.CompressText",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "palabre.web.sign_out.SignOutMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "palabre.web.requests.WholeMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "palabre.web.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "palabre.web.templatetags.palabre",
            ],
        },
    }
]

_address = _settings.database_url or Cluster(_settings.home).address(role=PROGRAM)
_parts = conninfo_to_dict(_address)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts.pop("dbname", "palabre"),
        "USER": _parts.pop("user", ""),
        "PASSWORD": _parts.pop("password", ""),
        "HOST": _parts.pop("host", ""),
        "PORT": str(_parts.pop("port", "")),
        "OPTIONS": {
            **_parts,
            # The hot statements are planned once a connection, not once a request.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "pool": {
                "min_size": 1,
                "max_size": _settings.pool_size or _settings.web_threads + 1,
                # No server connection left: said at once, with when to come again.
                "timeout": 2,
                # A pool that found no database waits longer and longer before it looks again, up to this: then each
                # request looks anew, so that all is well as soon as the database is.
                "reconnect_timeout": 2,
            },
        },
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = _settings.languages[0]
LANGUAGES = [(code, KNOWN_LANGUAGES[code]) for code in _settings.languages]
LOCALE_PATHS = [_package / "locale"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
# Names of the workbench’s files hold a hash of their content: a browser asks for each once.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/workbench/[\w-]+\.[0-9a-f]{12}\.\w+$"
MEDIA_ROOT = _settings.media
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if _settings.s3 is not None and find_spec("storages") is not None:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {  # type: ignore[dict-item]
            "bucket_name": _settings.s3.bucket,
            "endpoint_url": _settings.s3.endpoint,
            "region_name": _settings.s3.region,
            "access_key": _settings.s3.access_key,
            "secret_key": _settings.s3.secret_key,
            "default_acl": None,
            "querystring_auth": True,
            # The older signature of links is refused by newer regions and by most compatible stores.
            "signature_version": "s3v4",
        },
    }
if _settings.mail is not None:
    EMAIL_HOST, EMAIL_PORT = _settings.mail.host, _settings.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _settings.mail.user or "", _settings.mail.password or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _settings.mail.security == "starttls", _settings.mail.security == "tls"
    DEFAULT_FROM_EMAIL = _settings.mail.sender
EMAIL_TIMEOUT = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

FORM_RENDERER = "palabre.web.forms.Renderer"

# Whoever signs in on her own device stays signed in for 30 days.
SESSION_ENGINE = "palabre.people.sessions"
SESSION_COOKIE_AGE = 30 * 86_400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _settings.secure
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "palabre.web.handlers.csrf_refused"
CSRF_TRUSTED_ORIGINS = [_settings.url]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Sign-in (docs/decisions/015): nobody signs up by herself, and no address is copied into allauth's tables.
ACCOUNT_ADAPTER = "palabre.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "palabre.people.forms.SignIn",
    "reauthenticate": "palabre.people.forms.PasswordAgain",
}
# Allauth counts tries in the memory of one process; ours count for all of them (`people.trying`).
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "palabre.people.adapter.SecondStepAdapter"
MFA_FORMS = {
    "activate_totp": "palabre.people.forms.AppCode",
    "authenticate": "palabre.people.forms.SecondStep",
    "reauthenticate": "palabre.people.forms.CodeAgain",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Palabre"
MFA_TOTP_TOLERANCE = 1
# Behind https there is a proxy, which says who asks.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _settings.secure else 0
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Everything comes from this server; no script or style stands in a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _settings.secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _settings.secure else 0
X_FRAME_OPTIONS = "DENY"

LOGGING_CONFIG = None
