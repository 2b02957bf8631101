"""The configuration of the front follows the settings, and takes no word that nginx would read as two."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from disclosure_portal import gunicorn

CALL = {"server_name": ["portal.example.cn"], "certificate": Path("/etc/c.pem"), "key": Path("/etc/k.pem")}

LOGGED = {"$time_iso8601", "$remote_addr", "$request_method", "$portal_path", "$status", "$body_bytes_sent"}
LOGGED |= {"$request_time", "$upstream_response_time"}


def written(folder, **changes) -> dict[str, str]:
    call_command("front_config", folder, **{**CALL, **changes}, verbosity=0)
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.*") if path.suffix != ".gz"}


def test_it_follows_the_settings(tmp_path, settings):
    settings.PORTAL_ACCEL_PREFIX = "/_portal/files/"
    settings.UPLOAD_MAX_BYTES = 1_000_000
    files = written(tmp_path)
    assert "client_max_body_size 2621440;" in files["locations.conf"]
    assert "client_max_body_size 6621440;" in files["locations.conf"]
    assert "client_max_body_size 23592960;" in files["locations.conf"]  # files of senders, at their doors alone
    assert f"alias {settings.UPLOAD_ROOT}/;" in files["locations.conf"]
    assert "server_name portal.example.cn;" in files["server.conf"]
    assert "max_conns=16" in files["http.conf"]


def test_the_application_takes_every_line_and_header_that_the_front_lets_through(tmp_path):
    files = written(tmp_path)
    field = int(re.search(r"large_client_header_buffers \d+ (\d+)k;", files["locations.conf"])[1]) * 1024
    address = int(re.search(r"\^\.\{(\d+)\}\" 414;", files["http.conf"])[1])
    assert gunicorn.limit_request_field_size > field
    assert gunicorn.limit_request_line > address + len("OPTIONS  HTTP/1.1")
    assert field > address  # over HTTP/2 a longer field ends the connection


def test_without_the_prefix_of_files_no_location_names_them(tmp_path, settings):
    assert str(settings.UPLOAD_ROOT) not in "".join(written(tmp_path).values())


def test_the_log_keeps_the_address_and_neither_query_body_nor_browser(tmp_path):
    files = written(tmp_path)
    line = re.search(r"log_format portal '([^']*)';", files["http.conf"])[1]
    assert "$remote_addr" in line
    assert set(re.findall(r"\$\w+", line)) <= LOGGED
    assert '"~^(?<portal_plain>[^?]*)" $portal_plain;' in files["http.conf"]  # the path as asked for, up to its query
    logs = re.findall(r"access_log ([^;]*);", "".join(files.values()))
    assert {log.split()[1] for log in logs} == {"portal"}


def test_pages_of_the_front_stand_in_both_languages(tmp_path):
    files = written(tmp_path)
    assert "当前访问人数较多" in files["pages/busy.zh.html"]
    assert 'lang="zh-hans"' in files["pages/busy.zh.html"]
    assert "Many people are reading" in files["pages/busy.en.html"]
    assert 'href="/en/"' in files["pages/busy.en.html"]


@pytest.mark.parametrize(
    "changes",
    [
        {"server_name": ["a;b"]},
        {"server_name": ["a b"]},
        {"certificate": Path("/etc/a b.pem")},
        {"key": Path("/etc/$k")},
        {"upstream": "127.0.0.1:8000; return 200"},
        {"user": "www-data; load_module x"},
        {"listen": "::1 }"},
    ],
)
def test_odd_values_are_refused(tmp_path, changes):
    with pytest.raises(CommandError, match="cannot be"):
        written(tmp_path, **changes)
