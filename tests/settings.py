"""Settings of the test run: the real ones, with keys and folders of their own."""

import atexit
import base64
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ.setdefault("PORTAL_IDENTITY_KEY", base64.urlsafe_b64encode(b"i" * 32).decode())
os.environ.setdefault("PORTAL_ALLOW_HTTP", "1")
if "PORTAL_DATA_DIR" not in os.environ:
    os.environ["PORTAL_DATA_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_DATA_DIR"], ignore_errors=True)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("PORTAL_LOG_LEVEL", "ERROR")
os.environ.setdefault("PORTAL_READ_FILES", "inline")
os.environ.setdefault("PORTAL_READS_SECONDS", "0")
os.environ.setdefault("PORTAL_STATEMENT_TIMEOUT_MS", "60000")  # a busy machine is no fault
os.environ.setdefault("PORTAL_LOCK_TIMEOUT_MS", "20000")
os.environ.setdefault("PORTAL_SEND_AFTER_SECONDS", "0")  # tests are quicker than people; its own tests set it
os.environ.setdefault("PORTAL_PAGE_COPY", "0")  # its own tests put it in front

from disclosure_portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # only speed: what hashing does is Django's
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
