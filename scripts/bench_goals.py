"""The goals of the measurement, each with what was measured and whether it was met."""

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shot:
    """One burst of requests: how many a second, milliseconds of CPU a request, share of foreign load, failures, and
    the milliseconds that half of the answers took at most.
    """

    rate: float
    app_ms: float
    database_ms: float
    foreign: float
    failures: int
    latency_ms: float


Shots = Mapping[str, list[Shot]]  # by system: copy, no copy, bare, plain ORM, nginx


def median(shots: list[Shot], name: str) -> float:
    """The median of one figure of several bursts."""
    return statistics.median(getattr(shot, name) for shot in shots)


@dataclass(frozen=True)
class Goal:
    """A figure that should reach a bound."""

    number: int
    what: str
    measured: float
    bound: float
    at_least: bool

    def __str__(self) -> str:
        is_met = self.measured >= self.bound if self.at_least else self.measured <= self.bound
        sign = ">=" if self.at_least else "<="
        verdict = "met" if is_met else "NOT MET"
        return f"goal {self.number}: {self.what}: {self.measured:.2f} ({sign} {self.bound:g}) {verdict}"


def of_pages(pages: Mapping[str, Shots], queries: Mapping[str, int]) -> Iterator[Goal]:
    """Goals 1, 2 and 4: copies beside the bare view, pages without copies, search beside LIKE."""
    for name, shots in pages.items():
        bare, copy, none = shots["bare"], shots["copy"], shots["no copy"]
        yield Goal(1, f"{name}, copy beside the bare view", median(copy, "rate") / median(bare, "rate"), 0.85, True)
        yield Goal(1, f"{name}, CPU of a copy beside the bare view", _cost(copy) / _cost(bare), 1.5, False)
        yield Goal(2, f"{name}, queries", queries[name], 3, False)
        yield Goal(2, f"{name}, application CPU ms", median(none, "app_ms"), 4, False)
        yield Goal(2, f"{name}, database CPU ms", median(none, "database_ms"), 1, False)
    if "plain ORM" in pages.get("page 500", {}):
        ratio = _over_orm(pages["page 500"])
        yield Goal(2, "page 500 beside plain ORM", ratio, 3, True)
    if "plain ORM" in pages["search"]:
        yield Goal(4, "search of two characters beside LIKE", _over_orm(pages["search"]), 20, True)


def _cost(shots: list[Shot]) -> float:
    return median(shots, "app_ms") + median(shots, "database_ms")


def _over_orm(shots: Shots) -> float:
    return median(shots["no copy"], "rate") / median(shots["plain ORM"], "rate")


def of_growth(sizes: Mapping[int, Mapping[str, Shots]]) -> Iterator[Goal]:
    """Goal 3: database CPU of a page at a larger archive beside that at 20,000 items."""
    base = sizes.get(20_000, {})
    for size, pages in sizes.items():
        for name, shots in pages.items() if base and size > 20_000 else ():
            before = max(0.05, median(base[name]["no copy"], "database_ms"))  # below, the clock's ticks decide
            grown = max(0.05, median(shots["no copy"], "database_ms")) / before
            yield Goal(3, f"{name}, database CPU 20,000 to {size:,}", grown, 1.5 if size <= 200_000 else 2, False)
    first, last = min(sizes), max(sizes)
    for name, shots in sizes[first].items() if first <= 1_000 and last >= 1_000_000 else ():
        ratio = median(sizes[last][name]["no copy"], "latency_ms") / median(shots["no copy"], "latency_ms")
        yield Goal(3, f"{name}, median latency {first:,} to {last:,}", ratio, 1.25, False)


def of_process(master: int, seconds: float) -> Iterator[Goal]:
    """Goal 7: memory of the largest worker and the time to start."""
    yield Goal(7, "memory of a worker, MB (PSS)", max(map(_pss, _children(master)), default=0.0), 60, False)
    yield Goal(7, "start-up, seconds", seconds, 1, False)


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
