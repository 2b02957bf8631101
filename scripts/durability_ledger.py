"""What senders were told while everything around them was killed, and whether it was true."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

LONGEST_GAP = 5.0  # seconds from when the database answers again to the first opinion acknowledged
BROKEN = 0  # the line broke or nobody answered in time


@dataclass(frozen=True)
class Attempt:
    """One request of one sender, and what came back."""

    method: str
    marker: str  # words that only this opinion has; empty where the form was only opened
    status: int
    ended: float
    code: str = ""  # of the receipt
    says_when: bool = False  # Retry-After
    keeps_text: bool = False
    told: str = ""  # the beginning of an answer that nobody expected

    @property
    def is_acknowledged(self) -> bool:
        """Whether the sender holds a receipt."""
        return bool(self.code)

    @property
    def fault(self) -> str:
        """What was wrong with the answer, or nothing."""
        if self.status == 503 and not self.says_when:
            return "503 without Retry-After"
        if self.status == 503 and self.method == "POST" and not self.keeps_text:
            return "503 without the text that was typed"
        if self.status in (BROKEN, 503) or self.is_acknowledged or (self.method == "GET" and self.status == 200):
            return ""
        return f"answer {self.status} to {self.method}: {self.told}"


@dataclass(frozen=True)
class Blow:
    """One kill, and when what was killed could answer again."""

    kind: str
    at: float
    back_at: float


@dataclass(frozen=True)
class Stored:
    """What the database holds after the run."""

    markers: tuple[str, ...]  # of every case, doubles included
    wrong_codes: tuple[str, ...] = ()  # acknowledged with a code that does not open it
    events: int = 0  # `case.received`
    named: int = 0
    identities: int = 0
    trail_verifies: bool = True


@dataclass
class Ledger:
    """Everything that happened; appended to by several threads."""

    attempts: list[Attempt] = field(default_factory=list)
    blows: list[Blow] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)  # markers whose senders never got a receipt

    @property
    def acknowledged(self) -> dict[str, str]:
        """Marker and code of every opinion whose sender holds a receipt."""
        return {attempt.marker: attempt.code for attempt in self.attempts if attempt.is_acknowledged}

    @property
    def retried(self) -> int:
        """Opinions acknowledged only after an error."""
        tries = Counter(attempt.marker for attempt in self.attempts if attempt.marker)
        return sum(tries[marker] > 1 for marker in self.acknowledged)

    def first_success_after(self, instant: float) -> float | None:
        """When the first opinion after `instant` was acknowledged."""
        ends = (attempt.ended for attempt in self.attempts if attempt.is_acknowledged and attempt.ended >= instant)
        return min(ends, default=None)

    def gaps(self, kind: str) -> list[float]:
        """Seconds without a receipt after each return of `kind`; endless where there was none."""
        found = ((blow, self.first_success_after(blow.back_at)) for blow in self.blows if blow.kind == kind)
        return [float("inf") if success is None else success - blow.back_at for blow, success in found]

    def answers(self, status: int) -> int:
        """How many requests were answered so."""
        return sum(attempt.status == status for attempt in self.attempts)

    def faults(self) -> Counter[str]:
        """Answers nobody should get, and how often."""
        return Counter(attempt.fault for attempt in self.attempts if attempt.fault)


def lost(ledger: Ledger, stored: Stored) -> list[str]:
    """Acknowledged and not there."""
    return sorted(ledger.acknowledged.keys() - set(stored.markers))


def doubled(stored: Stored) -> list[str]:
    """There more than once."""
    return sorted(marker for marker, times in Counter(stored.markers).items() if times > 1)


def broken_promises(ledger: Ledger, stored: Stored, *, at_least: int, kinds: Iterable[str]) -> list[str]:
    """One sentence for each promise that was not kept."""
    gone, twice = lost(ledger, stored), doubled(stored)
    longest = max(ledger.gaps("database"), default=0.0)
    cases = len(stored.markers)
    checks = {
        f"{len(gone)} acknowledged opinions are lost, such as {gone[:3]}": bool(gone),
        f"{len(twice)} opinions are stored twice, such as {twice[:3]}": bool(twice),
        f"{len(stored.wrong_codes)} codes do not open their case": bool(stored.wrong_codes),
        f"{cases} cases have {stored.events} events of their arrival": cases != stored.events,
        f"{stored.named} named cases have {stored.identities} sealed identities": stored.named != stored.identities,
        "the trail does not verify": not stored.trail_verifies,
        f"after the database was back nothing arrived for {longest:.1f} s": longest > LONGEST_GAP,
        f"only {len(ledger.acknowledged)} of {at_least} opinions were acknowledged": len(ledger.acknowledged)
        < at_least,
        f"{len(ledger.given_up)} senders never got a receipt": bool(ledger.given_up),
    }
    checks |= {f"{times} times {fault}": True for fault, times in ledger.faults().items()}
    checks |= {f"nothing of the kind “{kind}” was killed": not ledger.gaps(kind) for kind in kinds}
    return [sentence for sentence, is_broken in checks.items() if is_broken]


def table(ledger: Ledger, stored: Stored, kinds: Iterable[str]) -> list[tuple[str, str]]:
    """The figures of a run as rows of label and value."""
    rows = [
        ("requests", str(len(ledger.attempts))),
        ("opinions acknowledged", str(len(ledger.acknowledged))),
        ("of them only after an error", str(ledger.retried)),
        ("cases stored", str(len(stored.markers))),
        ("lost", str(len(lost(ledger, stored)))),
        ("doubled", str(len(doubled(stored)))),
        ("answers 503", str(ledger.answers(503))),
        ("lines broken", str(ledger.answers(BROKEN))),
    ]
    for kind in kinds:
        gaps = ledger.gaps(kind)
        longest = f"{max(gaps):.1f} s" if gaps else "-"
        rows.append((f"kills of {kind}, longest gap after its return", f"{len(gaps)}, {longest}"))
    return rows
