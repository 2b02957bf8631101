"""One text screened: every detector asked, overlaps settled, each finding with its context and mask."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from disclosures.screening.addresses import find_addresses
from disclosures.screening.findings import Finding, FindingKind, Found, Profile
from disclosures.screening.folding import fold, small, visible
from disclosures.screening.personal_numbers import find_birth_dates, find_numbers
from disclosures.screening.secrecy import find_secrecy

CONTEXT = 20  # characters before and after a finding
MAX_FINDINGS = 50_000  # of one text: more are found once these are masked; marks never fall under it


def screen_text(
    text: str, place: str, *, profile: Profile = Profile.INTERNAL, words: Sequence[str] = (), where: str = ""
) -> list[Finding]:
    """Everything found in `text`, in reading order; time grows with its length only. Asks no database.

    `PUBLIC` also finds telephones introduced as those of an office, birth dates to the day and ID numbers masked too
    little; everything else is found in both profiles alike.
    """
    seen, places = visible(fold(text))
    found = [*find_numbers(seen, profile), *find_addresses(seen), *find_secrecy(seen)]
    found += _find_words(seen, words)
    if profile == Profile.PUBLIC:
        found += find_birth_dates(seen)
    found = [replace(each, start=places[each.start], end=places[each.end - 1] + 1) for each in found]
    found = sorted(found, key=lambda each: each.kind != FindingKind.SECRECY_MARK)[:MAX_FINDINGS]
    return [_finding(each, text, place, where) for each in sorted(found, key=lambda each: (each.start, each.kind))]


def masked(text: str, findings: Sequence[Finding]) -> str:
    """`text` with the masks of `findings`, which count their offsets in it; of two that overlap the first stands."""
    pieces, reached = [], 0
    for finding in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        if finding.start < reached:
            continue
        pieces += [text[reached : finding.start], finding.mask]
        reached = finding.end
    return "".join((*pieces, text[reached:]))


def _find_words(folded: str, words: Sequence[str]) -> Iterator[Found]:
    """Words of the configured list, in whatever width and case."""
    text = small(folded)
    for word in sorted({small(visible(fold(word))[0]).strip() for word in words} - {""}):
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            yield Found(FindingKind.LISTED_WORD, start, end, "*" * len(word))
            start = text.find(word, end)


def _finding(found: Found, text: str, place: str, where: str) -> Finding:
    return Finding(
        kind=str(found.kind),
        place=place,
        where=where,
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        mask=found.mask,
        before=" ".join(text[max(0, found.start - CONTEXT) : found.start].splitlines()),
        after=" ".join(text[found.end : found.end + CONTEXT].splitlines()),
    )
