"""Prints the tables of the code as Markdown, so that documents and code cannot part ways.

`python scripts/tables.py` writes them into `docs/`; tests compare.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- table -->"


def workflow_table() -> str:
    """Verb, states it starts from, state it leads to and ability it takes."""
    from disclosures.workflow import TRANSITIONS

    rows = [
        (verb, str(t.label), ", ".join(sorted(t.starts_from)), t.leads_to or "as decided", t.ability.value)
        for verb, t in TRANSITIONS.items()
    ]
    return markdown(("verb", "button", "starts from", "leads to", "ability"), rows)


def cases_table() -> str:
    """The path of a case: verb, states it starts from, state it leads to, ability and where it is held."""
    from feedback.models import CaseState
    from feedback.workflow import TRANSITIONS

    rows = [
        (
            verb,
            str(t.label),
            "every" if len(t.starts_from) == len(CaseState) else ", ".join(sorted(t.starts_from)),
            t.leads_to or "as decided",
            t.ability.value,
            t.held.value,
        )
        for verb, t in TRANSITIONS.items()
    ]
    return markdown(("verb", "button", "starts from", "leads to", "ability", "held in the unit"), rows)


def notices_table() -> str:
    """What happens, and who is told of it."""
    from disclosures.notices import TABLE, WORDS

    rows = [(verb, str(row.when), "; ".join(str(WORDS[circle]) for circle in row.told)) for verb, row in TABLE.items()]
    return markdown(("event", "when", "told"), rows)


def roles_table() -> str:
    """What each role may do in its own unit and everywhere."""
    from organizations.models import Role
    from organizations.roles import TABLE

    rows = [
        (role, str(Role(role).label), words(row.own), words(row.everywhere), "yes" if row.reads_internal else "no")
        for role, row in TABLE.items()
    ]
    return markdown(("role", "name", "in the own unit", "in every unit", "reads every internal disclosure"), rows)


def cast_table() -> str:
    """One row for every name of the cast."""
    from organizations.cast import CAST

    rows = [
        (
            player.username,
            player.display_name,
            ", ".join(f"{role} @ {unit}" for role, unit, _office in player.appointments) or "none",
            player.branch or "none",
            "workbench" if player.is_staff else "internal board",
        )
        for player in CAST
    ]
    return markdown(("account", "display name", "appointments", "member of", "arrives at"), rows)


def words(abilities: frozenset) -> str:
    """Abilities as one line, in alphabetical order."""
    return ", ".join(sorted(ability.value for ability in abilities)) or "none"


def markdown(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _cell in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    """Write the tables into the documents."""
    for name, tables in (
        ("workflow.md", [workflow_table(), notices_table(), cases_table()]),
        ("roles.md", [roles_table(), cast_table()]),
    ):
        path = ROOT / "docs" / name
        parts = path.read_text(encoding="utf-8").split(MARK)
        for place, table in enumerate(tables):
            parts[2 * place + 1] = f"\n{table}"
        path.write_text(MARK.join(parts), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")
    main()
