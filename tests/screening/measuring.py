"""How well screening finds what the labelled set holds, kind by kind."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from disclosures.reading import extract
from disclosures.screening import Profile, screen_parts, screen_text
from tests.screening.blind import blind_cases
from tests.screening.labelled import HELD_OUT, MEASURED, TUNED, Case, cases


@dataclass
class Figure:
    found: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.found / max(self.found + self.missed, 1)

    @property
    def precision(self) -> float:
        return self.found / max(self.found + self.wrong, 1)


def found_in(case: Case) -> Counter:
    if not case.content:
        return Counter(finding.kind for finding in screen_text(case.text, "body", profile=Profile.PUBLIC))
    with tempfile.NamedTemporaryFile() as file:
        file.write(case.content)
        file.flush()
        parts = extract(Path(file.name), case.extension, seconds=20).parts
    return Counter(finding.kind for finding in screen_parts(parts, "file", profile=Profile.PUBLIC))


def figures(labelled: Sequence[Case]) -> tuple[dict[str, Figure], list[str]]:
    """Figures of every kind, and the cases that went wrong."""
    by_kind = {kind: Figure() for kind in MEASURED}
    amiss = []
    for case in labelled:
        wanted, got = Counter(case.kinds), found_in(case)
        for kind in case.doubtful:
            got[kind] = wanted[kind]
        for kind, figure in by_kind.items():
            figure.found += min(wanted[kind], got[kind])
            figure.missed += max(0, wanted[kind] - got[kind])
            figure.wrong += max(0, got[kind] - wanted[kind])
        if any(wanted[kind] != got[kind] for kind in by_kind):
            amiss.append(f"{case.name}: wanted {dict(wanted)}, got {dict(got)}: {case.text!r}")
    return by_kind, amiss


def sets() -> dict[str, Sequence[Case]]:
    """Every labelled set by its name."""
    return {"tuned": cases(TUNED), "held out": cases(HELD_OUT), "another hand": blind_cases()}
