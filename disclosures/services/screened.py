"""Screening as a rule of the workflow: marks refuse the save, findings wait for a mask or a reason (S25, domain 3.6).

Nothing said here repeats what was found: sentences name the kind and the place, excerpts are masked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.models import Item, Revision, RevisionFinding, ScreeningOverride
from disclosures.reading import ensure_read
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_line
from disclosures.screening import Finding, FindingKind, Profile, Screening, screen, screen_text
from organizations.models import User

Problems = dict[str, list[Sentence]]
SHORTEST_REASON = 4  # signs
LONGEST_REASON = 300


def profile_of(source: Item | Revision) -> Profile:
    """Stricter for what goes to the public."""
    return Profile.PUBLIC if source.goes_public else Profile.INTERNAL


def screening_of(item: Item) -> Screening:
    """What is found in the working copy today."""
    return screen(item, profile=profile_of(item))


def open_findings(item: Item, found: Screening) -> list[Finding]:
    """Findings that are neither masked nor kept with a reason."""
    kept = set(item.overrides.values_list("key", flat=True))
    return [finding for finding in found.findings if finding.key not in kept]


def refuse_marks(item: Item) -> None:
    """Refuse to hold anything that bears a secrecy mark; the transaction keeps no copy. Raises `Refused`."""
    marked = [finding for finding in screening_of(item).findings if finding.refuses_save]
    if marked:
        problems: Problems = defaultdict(list)
        for finding in marked:
            problems[field_of(finding)].append(
                _("Here stands a secrecy mark. This portal holds no such material; nothing was saved.")
            )
        sentence = _("The text or a file bears a secrecy mark. Nothing was saved and no copy is kept.")
        raise Refused(sentence, code="secrecy_mark", problems=problems)


def keep_reasons(item: Item, by: User, at: datetime, reasons: Mapping[str, str]) -> list[str]:
    """Store why findings stay; a reason has at least four signs and repeats no finding itself. Returns what changed."""
    known = {finding.key for finding in screening_of(item).findings} if reasons else set()
    changed = []
    for key, text in reasons.items():
        reason = clean_line(text)
        if key not in known or not reason:
            continue
        _refuse_poor(reason, key)
        values = {"reason": reason, "by": by, "by_name": by.display_name, "by_office": by.office, "at": at}
        row, is_new = ScreeningOverride.objects.get_or_create(item=item, key=key, defaults=values)
        if not is_new and row.reason != reason:
            ScreeningOverride.objects.filter(pk=row.pk).update(**values)
        elif not is_new:
            continue
        changed.append("screening")
    return changed


def _refuse_poor(reason: str, key: str) -> None:
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        sentence = _("Give the reason in %(least)d to %(most)d characters.") % {
            "least": SHORTEST_REASON,
            "most": LONGEST_REASON,
        }
    elif screen_text(reason, "reason", profile=Profile.PUBLIC):
        sentence = _("The reason itself holds personal data or a word of secrecy.")
    else:
        return
    raise Refused(sentence, code="override", problems={f"override-{key}": [sentence]})


def problems(item: Item) -> Problems:
    """What screening has against submitting: files still being read, findings neither masked nor kept."""
    read_missing(item)
    found = screening_of(item)
    result: Problems = defaultdict(list)
    if found.pending:
        count = len(found.pending)
        sentence = ngettext(
            "%(count)d file is still being read. Submit again in a moment.",
            "%(count)d files are still being read. Submit again in a moment.",
            count,
        )
        result["attachments"].append(sentence % {"count": count})
    for finding in open_findings(item, found):
        result[field_of(finding)].append(
            _("%(kind)s found: mask it, or say why it stays.") % {"kind": FindingKind(finding.kind).label}
        )
    return {name: list(dict.fromkeys(sentences)) for name, sentences in result.items()}


def read_missing(item: Item | Revision) -> None:
    """Read files that nobody has read yet."""
    for row in item.attachments.filter(file__text__isnull=True).select_related("file"):
        ensure_read(row.file, row.filename)


def freeze(item: Item, revision: Revision) -> None:
    """Write the findings that stay, with their reasons, beside the frozen text: the reviewer sees them."""
    reasons = {row.key: row for row in item.overrides.all()}
    kept = {finding.key: finding for finding in screening_of(item).findings if finding.key in reasons}
    RevisionFinding.objects.bulk_create(
        RevisionFinding(
            revision=revision,
            key=key,
            kind=finding.kind,
            place=finding.place,
            where=finding.where[:300],
            excerpt=finding.mask[:120],
            reason=reasons[key].reason,
            by_name=reasons[key].by_name,
            by_office=reasons[key].by_office,
        )
        for key, finding in kept.items()
    )


def refuse_new(revision: Revision) -> None:
    """Screen once more before the revision opens, by the words and files of today. Raises `Refused` (`screening`)."""
    kept = set(revision.findings.values_list("key", flat=True))
    fresh = [one for one in screen(revision, profile=profile_of(revision)).findings if one.key not in kept]
    if fresh:
        kinds = "、".join(dict.fromkeys(str(FindingKind(one.kind).label) for one in fresh))
        raise Refused(
            _("Screening before the opening found what was not there to decide on: %(kinds)s. Return the item.")
            % {"kinds": kinds},
            code="screening",
        )


def field_of(finding: Finding) -> str:
    """The field of the form beside which a finding stands."""
    return "attachments" if ":" in finding.place else finding.place


def beside(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the field they stand beside, each key once."""
    result: dict[str, dict[str, Finding]] = defaultdict(dict)
    for finding in findings:
        result[field_of(finding)].setdefault(finding.key, finding)
    return {name: list(rows.values()) for name, rows in result.items()}
