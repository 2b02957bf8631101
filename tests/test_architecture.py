"""The house as designed: rooms import only to their right, over imports and relations; templates stay plain."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["disclosure_portal", "supervision", "feedback", "disclosures", "notifications", "organizations", "audit"]
THERE = [room for room in ROOMS if (ROOT / room).is_dir()]
FILES = [path for room in THERE for path in (ROOT / room).rglob("*.py")]


def imported(path: Path) -> set[str]:
    """Top-level packages a file imports anywhere: at the top, inside functions, by name in `import_string`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
            "import_string",
            "import_module",
        ):
            found |= {arg.value.split(".")[0] for arg in node.args if isinstance(arg, ast.Constant)}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_import_only_to_their_right(path):
    room = path.relative_to(ROOT).parts[0]
    to_the_left = set(ROOMS[: ROOMS.index(room)])
    assert not imported(path) & to_the_left


def test_relations_point_only_to_the_right():
    for model in apps.get_models(include_auto_created=True):
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                other = field.related_model._meta.app_label
                assert other not in ROOMS or ROOMS.index(other) >= ROOMS.index(room), f"{model} → {other}"


def test_strings_of_relations_name_no_room_to_the_left():
    for path in FILES:
        room = path.relative_to(ROOT).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                head = node.value.split(".")[0]
                if head in ROOMS[: ROOMS.index(room)] and "." in node.value and " " not in node.value:
                    assert not node.value.split(".")[1][:1].isupper(), f"{path}: {node.value}"


def test_no_signal_receivers():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert "@receiver" not in text, path
        assert ".connect(" not in text, path


TEMPLATES = [path for folder in ("templates", *THERE) for path in (ROOT / folder).rglob("*.html")]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_no_inline_script_or_style(path):
    text = path.read_text(encoding="utf-8").lower()
    assert "<style" not in text
    assert " style=" not in text
    assert "javascript:" not in text
    for part in text.split("<script")[1:]:
        tag = part.split(">")[0]
        assert "src=" in tag or "application/json" in tag or "application/ld+json" in tag, tag
    for event in (" onclick=", " onload=", " onsubmit=", " onchange=", " onerror="):
        assert event not in text
