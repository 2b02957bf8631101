import base64
import subprocess
import sys

from scripts.keys import KEYS, ROOT, identity_key, keep


def printed(folder, **environment):
    environment = {"PATH": "/usr/bin:/bin", "PORTAL_DATA_DIR": str(folder), **environment}
    done = subprocess.run([sys.executable, ROOT / "scripts/keys.py"], env=environment, capture_output=True, check=True)
    return done.stdout.decode()


def test_keys_are_made_for_their_owner_alone(tmp_path):
    printed(tmp_path / "var")
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "var").iterdir()} == {
        "secret_key": 0o600,
        "identity_key": 0o600,
    }


def test_keys_are_made_once(tmp_path):
    assert printed(tmp_path) == printed(tmp_path)


def test_a_key_in_place_is_never_overwritten(tmp_path):
    (tmp_path / "secret_key").write_text("mine\n")
    assert keep(tmp_path / "secret_key", KEYS["SECRET_KEY"][1]) == "mine"


def test_the_environment_comes_before_the_files(tmp_path):
    assert printed(tmp_path, SECRET_KEY="a", PORTAL_IDENTITY_KEY="b") == ""
    assert list(tmp_path.iterdir()) == []


def test_identity_key_is_32_bytes():
    assert len(base64.urlsafe_b64decode(identity_key())) == 32
