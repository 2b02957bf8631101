"""Settings of the portal, read from the environment; nonsense is refused with a sentence."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from disclosure_portal.mourning import GreyDays

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def levels(text: str) -> list[tuple[str, str]]:
    """Read breadcrumb levels written as `首页=/,政务公开=`: label and address, an empty address for no link."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    return [(label.strip(), address.strip()) for label, _sign, address in pairs]


def path_prefix(text: str) -> str:
    """Return `/a/b` for `/a/b/`, an empty string for none; refuse anything that is not a rooted path."""
    prefix = text.rstrip("/")
    if prefix and not prefix.startswith("/"):
        raise ImproperlyConfigured("PORTAL_PATH_PREFIX must start with a slash, such as /zwgk/dwgk.")
    return prefix


def site_code(text: str) -> str:
    """Return the ten digits of a government site (SiteIDCode), or an empty string; refuse anything else."""
    if text and not (text.isascii() and text.isdecimal() and len(text) == 10):
        raise ImproperlyConfigured("PORTAL_SITE_CODE must be the ten digits of the site's identification code.")
    return text


def accel_prefix(text: str) -> str:
    """Return `/_portal/files/` as it is; refuse what would not be a folder of the front."""
    if text and not (len(text) > 2 and text.startswith("/") and text.endswith("/")):
        raise ImproperlyConfigured("PORTAL_ACCEL_PREFIX must start and end with a slash, such as /_portal/files/.")
    return text


# --- What this process is -------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("PORTAL_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make run` makes one; a server needs its own in the environment."
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier keys: old tracking codes still open
PORTAL_IDENTITY_KEY = env.str(
    "PORTAL_IDENTITY_KEY", default=""
)  # urlsafe base64 of 32 bytes; kept outside the database
PORTAL_IDENTITY_RETENTION_DAYS = env.int("PORTAL_IDENTITY_RETENTION_DAYS", default=1095)  # after the end of the case
ALLOW_HTTP = env.bool("PORTAL_ALLOW_HTTP", default=False)  # plain HTTP on loopback, set by `make run` alone
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if ALLOW_HTTP else [])
PORTAL_BEHIND_PROXY = env.bool("PORTAL_BEHIND_PROXY", default=False)  # only where the front sets X-Forwarded-* itself
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAL_PATH_PREFIX = path_prefix(env.str("PORTAL_PATH_PREFIX", default=""))
FORCE_SCRIPT_NAME = PORTAL_PATH_PREFIX or None

# --- Whose portal this is -------------------------------------------------------------------------------------------
PORTAL_SITE_NAME = env.str("PORTAL_SITE_NAME", default="岳阳市文广新局")
PORTAL_SITE_NAME_EN = env.str(
    "PORTAL_SITE_NAME_EN", default="Yueyang Culture, Broadcasting, Press and Publication Bureau"
)
PORTAL_SITE_DOMAIN = env.str("PORTAL_SITE_DOMAIN", default="")
PORTAL_SITE_CODE = site_code(env.str("PORTAL_SITE_CODE", default=""))
PORTAL_HOST_UNIT = env.str("PORTAL_HOST_UNIT", default=PORTAL_SITE_NAME)
PORTAL_CONTACT = env.str("PORTAL_CONTACT", default="")
PORTAL_ICP = env.str("PORTAL_ICP", default="")
PORTAL_POLICE_NUMBER = env.str("PORTAL_POLICE_NUMBER", default="")
PORTAL_MARK_URL = env.str("PORTAL_MARK_URL", default="")  # the unit's record behind the Party-and-government mark
PORTAL_MARK_IMAGE = env.str("PORTAL_MARK_IMAGE", default="")  # its picture, as issued
PORTAL_FIND_ERRORS_URL = env.str("PORTAL_FIND_ERRORS_URL", default="")
PORTAL_OPEN_DATA_TERMS = env.str(
    "PORTAL_OPEN_DATA_TERMS",
    default="可以自由下载、使用和转载；请注明来源和取得日期，不得歪曲原意。内容以本网站现行页面为准。",
)
PORTAL_OPEN_DATA_TERMS_EN = env.str(
    "PORTAL_OPEN_DATA_TERMS_EN",
    default="You may download, use and pass on this data freely. Name the source and the day you fetched it, and do not"
    " distort it. What stands on the pages of this site prevails.",
)
PORTAL_YEARLY_REPORT_URL = env.str("PORTAL_YEARLY_REPORT_URL", default="")  # the yearly report of the site
PORTAL_FOOTER_LINKS = levels(env.str("PORTAL_FOOTER_LINKS", default=""))
PORTAL_GREY_DAYS = GreyDays.read(env.str("PORTAL_GREY_DAYS", default=""))
PORTAL_BREADCRUMB = levels(env.str("PORTAL_BREADCRUMB", default="首页=/,政务公开=,党务公开=/"))
PORTAL_BREADCRUMB_EN = levels(
    env.str("PORTAL_BREADCRUMB_EN", default="Home=/en/,Government affairs=,Party-affairs disclosure=/en/")
)
PORTAL_DEMO_PASSWORD = env.str("PORTAL_DEMO_PASSWORD", default="")
PORTAL_BUREAU_CODE = env.str("PORTAL_BUREAU_CODE", default="JG")

# --- Parts -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "disclosure_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "crispy_forms",
    "js_asset",
    "django_prose_editor",
    "axes",
    "disclosure_portal.apps.PortalConfig",
    "feedback",
    "disclosures",
    "notifications",
    "organizations",
    "audit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "disclosure_portal.patience.BoundedWait",
    "disclosure_portal.middleware.PrivateUnlessPublic",
    "disclosure_portal.middleware.ForgetOddCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "disclosure_portal.middleware.LanguageByAddress",
    "django.middleware.common.CommonMiddleware",
    "disclosure_portal.middleware.SayWhatIsWrong",
    "disclosure_portal.middleware.RefuseUnreadableBodies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "disclosures.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "disclosure_portal.urls"
WSGI_APPLICATION = "disclosure_portal.wsgi.application"
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
                "disclosure_portal.context.site",
            ],
            "builtins": ["disclosure_portal.templatetags.languages", "disclosure_portal.templatetags.pieces"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database: SQLite embedded, PostgreSQL in production --------------------------------------------------------------
STATEMENT_MS = env.int("PORTAL_STATEMENT_TIMEOUT_MS", default=6_000)  # `manage.py` lifts both for commands
LOCK_MS = env.int("PORTAL_LOCK_TIMEOUT_MS", default=5_000)
PORTAL_STATEMENT_SECONDS = STATEMENT_MS / 1000 + 1 if STATEMENT_MS else 0  # a server that is silent for longer hangs
PORTAL_READER_SECONDS = env.float("PORTAL_READER_SECONDS", default=8)  # all the waiting of one page: patience.py
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    SILENCED_SYSTEM_CHECKS = ["models.W040"]  # covering indexes are for PostgreSQL; here their keys suffice
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK_MS / 1000,
    }
else:
    DATABASES["default"]["ENGINE"] = "disclosure_portal.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("PORTAL_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            "connect_timeout": 3,
            "tcp_user_timeout": 10_000,  # milliseconds
            "options": f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}"
            " -c idle_in_transaction_session_timeout=60000"
            " -c plan_cache_mode=force_generic_plan"  # what stands ready (`disclosures.prepared`) is planned once
            " -c jit=off",  # compiling a plan takes a tenth of a second, longer than any page asks
        }
    )
PORTAL_PAGE_COPY = env.bool("PORTAL_PAGE_COPY", default=True)  # copies of public pages in each process
PORTAL_PAGE_COPY_BYTES = env.int("PORTAL_PAGE_COPY_MB", default=16) * 1024 * 1024
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# --- Files -----------------------------------------------------------------------------------------------------------
UPLOAD_ROOT = DATA_DIR / "uploads"  # never mapped to an address; files leave only through a view that asks visibility
PORTAL_ACCEL_PREFIX = accel_prefix(env.str("PORTAL_ACCEL_PREFIX", default=""))  # the front sends the bytes of files
UPLOAD_MAX_BYTES = env.int("PORTAL_UPLOAD_MAX_BYTES", default=50 * 1024 * 1024)
BACKFILL_MAX_ROWS = env.int("PORTAL_BACKFILL_MAX_ROWS", default=500)  # rows of one sheet of earlier disclosures
PORTAL_AUTOSAVE_DAYS = env.int("PORTAL_AUTOSAVE_DAYS", default=30)  # how long text that was never saved is kept
PORTAL_SCREEN_AHEAD_DAYS = env.int("PORTAL_SCREEN_AHEAD_DAYS", default=3)  # screened again before the public opening
PORTAL_READS_SECONDS = env.int("PORTAL_READS_SECONDS", default=30)  # how often times read are written; 0: when told
PORTAL_READ_FILES = env.str("PORTAL_READ_FILES", default="spawn")  # large ones behind the answer; `inline`: at once
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes of a form without its files; more is answered 413
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
STATIC_URL = f"{PORTAL_PATH_PREFIX}/static/"
STATIC_ROOT = Path(env.str("PORTAL_STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing uses it: uploads have their own door
    "staticfiles": {"BACKEND": "disclosure_portal.static_files.StaticFiles"},
}

# --- Sending opinions: per address in an hour, all together in a minute; files in MB an hour --------------------------
PORTAL_SEND_PER_ADDRESS = env.int("PORTAL_SEND_PER_ADDRESS", default=600)  # a hall of 200 people behind one address
PORTAL_SEND_TOTAL = env.int("PORTAL_SEND_TOTAL", default=1_200)
PORTAL_MESSAGES_PER_ADDRESS = env.int("PORTAL_MESSAGES_PER_ADDRESS", default=600)
PORTAL_MESSAGES_TOTAL = env.int("PORTAL_MESSAGES_TOTAL", default=1_200)
PORTAL_WRONG_CODES_PER_ADDRESS = env.int("PORTAL_WRONG_CODES_PER_ADDRESS", default=300)
PORTAL_WRONG_CODES_TOTAL = env.int("PORTAL_WRONG_CODES_TOTAL", default=1_200)
PORTAL_SENT_MB_PER_ADDRESS = env.int("PORTAL_SENT_MB_PER_ADDRESS", default=1_000)
PORTAL_SENT_MB_TOTAL = env.int("PORTAL_SENT_MB_TOTAL", default=2_000)
PORTAL_SENT_FILES = env.int("PORTAL_SENT_FILES", default=5)  # files with one opinion or message
PORTAL_SENT_FILES_MB = env.int("PORTAL_SENT_FILES_MB", default=20)  # all files of one form together
PORTAL_SEND_AFTER_SECONDS = env.float("PORTAL_SEND_AFTER_SECONDS", default=2)  # quicker is asked to press once more
PORTAL_RECEIPT_MINUTES = env.int("PORTAL_RECEIPT_MINUTES", default=60)  # how long a form shows its receipt again
PORTAL_GUESTS_MAY_SEND = env.bool("PORTAL_GUESTS_MAY_SEND", default=True)
PORTAL_GUESTS_MAY_BE_UNNAMED = env.bool("PORTAL_GUESTS_MAY_BE_UNNAMED", default=True)
PORTAL_REOPEN_DAYS = env.int("PORTAL_REOPEN_DAYS", default=30)  # after closing, for “not solved”

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = ["disclosure_portal.formats"]
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "arrival"
LOGOUT_REDIRECT_URL = "disclosures:board"
SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds: a working day
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = PORTAL_PATH_PREFIX or "/"  # other parts of the host keep cookies of their own
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "disclosure_portal.expiring.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AUDIT_READER = "organizations.roles.may_read_trail"
AXES_FAILURE_LIMIT = env.int("PORTAL_LOGIN_FAILURES", default=10)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
PORTAL_ADDRESS_OF = AXES_CLIENT_IP_CALLABLE = "disclosure_portal.addresses.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_CALLABLE = "disclosure_portal.errors.too_many_attempts"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "ip_address"]  # in the log; the record of attempts counts by both

# --- Transport and content security -----------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not ALLOW_HTTP
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not ALLOW_HTTP
SECURE_HSTS_SECONDS = 0 if ALLOW_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not ALLOW_HTTP
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PORTAL_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # the nonce is sent only by pages that use one: the admin's editor
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "disclosure_portal.discretion.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("PORTAL_LOG_LEVEL", default="INFO")},
    "loggers": {  # at DEBUG both write values: of every statement, and of a page whose variable is missing
        "django.db.backends": {"level": "INFO"},
        "django.template": {"level": "INFO"},
    },
}
DEFAULT_EXCEPTION_REPORTER = "disclosure_portal.discretion.DiscreetReporter"
