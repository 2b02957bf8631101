"""Charts as plain numbers for inline SVG: shares in per cent fit any width without script or style."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 150  # user units of the highest column
TOP = 26  # room above it for its number
FEWEST = 8  # places of a chart: one column alone is no wall
GAP = 0.28  # of a column's place


@dataclass(frozen=True)
class Column:
    """One column: its place and size, and what it says."""

    label: str
    value: int
    url: str
    x: str
    width: str
    middle: str
    y: int
    height: int

    @property
    def above(self) -> int:
        """Where its number stands."""
        return self.y - 7


@dataclass(frozen=True)
class Chart:
    """A chart of columns with the line they stand on."""

    columns: list[Column]
    base: int = TOP + HEIGHT
    words: int = TOP + HEIGHT + 20
    height: int = TOP + HEIGHT + 30


def columns(values: Sequence[tuple[str, int, str]]) -> Chart:
    """A chart of (label, value, address): the highest value fills the height, nothing is cut off at the foot."""
    highest = max((value for _label, value, _url in values), default=0) or 1
    place = 100 / max(len(values), FEWEST)
    made = []
    for number, (label, value, url) in enumerate(values):
        height = round(HEIGHT * value / highest)
        made.append(
            Column(
                label=label,
                value=value,
                url=url,
                x=_percent((number + GAP / 2) * place),
                width=_percent((1 - GAP) * place),
                middle=_percent((number + 0.5) * place),
                y=TOP + HEIGHT - height,
                height=height,
            )
        )
    return Chart(made)


def share(value: int, highest: int) -> str:
    """The length of a bar in per cent of the longest."""
    return _percent(100 * value / highest if highest else 0)


def _percent(number: float) -> str:
    return f"{number:.2f}%"
