"""People as the plan prints them: gaps marked, never filled (S85-S90)."""

import re
from typing import Any

from organizations.models import Appointment

GAP = "□"  # the mark for a character missing in the original


def gaps_marked(printed: str) -> str:
    """`printed` with a mark for each no-break space that stands for a missing character."""
    return re.sub(r"[ \t]", "", printed).replace("\N{NO-BREAK SPACE}", GAP)


def name_of(held: Appointment) -> str:
    """The name to show: padding inside a complete name stays, what the original lacks is marked."""
    return held.name if held.name_is_complete else gaps_marked(held.name)


def member_row(row: Appointment) -> dict[str, Any]:
    """A printed line: what the original lacks is marked, never guessed; padding inside a complete name stays."""
    role = gaps_marked(row.printed_role or row.get_role_display())
    name = name_of(row)
    return {"role": role, "name": name, "office": row.office_held, "has_gap": GAP in role + name}
