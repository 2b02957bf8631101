"""What the catalogue entry demands, and where a submitted revision departs from it (S10, S17, S22, S41)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.admin.paper import listed
from disclosures.models import Audience, CatalogueEntryVersion, Phase, Revision
from disclosures.time_limits import in_words
from organizations.models import Level

WorkingDays = Callable[[date, int], date]


class Sign(StrEnum):
    """How a submission stands to a demand."""

    OK = "ok"
    DIFFERS = "differs"
    NOTE = "note"


@dataclass(frozen=True)
class Line:
    """One demand: what the entry says, what was submitted, and a sentence where the reviewer should look."""

    label: str
    demanded: str
    submitted: str
    sign: Sign = Sign.OK
    sentence: str = ""

    @property
    def word(self) -> str:
        """The sign in a word, for those who do not see its colour."""
        words = {Sign.OK: _("Agrees"), Sign.DIFFERS: _("Differs"), Sign.NOTE: _("Please note")}
        return words[self.sign]

    @property
    def badge(self) -> str:
        """The kind of badge that shows the sign."""
        return {Sign.OK: "ok", Sign.DIFFERS: "stop", Sign.NOTE: "wait"}[self.sign]


def monday_to_friday(start: date, count: int) -> date:
    """The day `count` working days after `start`, as if every Monday to Friday were one."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def departures(revision: Revision, working_days: WorkingDays | None = None) -> list[Line]:
    """The demands of the entry version that the revision was written under; empty where it names none.

    `working_days` counts as the calendar of the office does. Without it Monday to Friday are counted and the lines that
    depend on it say so: a limit that looks passed may then not be, because of a holiday.
    """
    version = revision.entry_version
    if version is None:
        return []
    made = (_level, _audience, _forms, _sensitive, _personal_data, _vital_interest)
    lines = [line for make in made for line in make(revision, version)]
    count = working_days or monday_to_friday
    counted = [*_limit(revision, version, count), *_notice(revision, version, count)]
    lines += counted if working_days else [_unsure(line) for line in counted]
    return [*lines, *_lead(revision, version)]


def _unsure(line: Line) -> Line:
    if line.sign is not Sign.DIFFERS:
        return line
    said = _("%(sentence)s Holidays are not taken into account.") % {"sentence": line.sentence}
    return Line(line.label, line.demanded, line.submitted, line.sign, said)


def _level(revision: Revision, version: CatalogueEntryVersion) -> Iterator[Line]:
    if not version.levels:
        return
    level = revision.unit.level
    fits = level in version.levels
    sentence = "" if fits else _("The catalogue does not ask this duty of such a unit.")
    yield Line(
        _("Owed by"), listed(version.level_labels), str(Level(level).label), Sign.OK if fits else Sign.NOTE, sentence
    )


def _audience(revision: Revision, version: CatalogueEntryVersion) -> Iterator[Line]:
    """S10: to disclose is the rule; less than the catalogue demands needs a reason."""
    label, demanded = _("Scope"), str(version.get_audience_display())
    submitted = str(revision.get_audience_display()) or _("nothing stated")
    if revision.audience == version.audience:
        yield Line(label, demanded, submitted)
    elif version.audience == Audience.INTERNAL_THEN_PUBLIC:
        yield Line(label, demanded, submitted, Sign.DIFFERS, _("Narrower than demanded: a reason is needed."))
    else:
        yield Line(label, demanded, submitted, Sign.DIFFERS, _("Wider than demanded: check that it may be public."))
    if branches := [branch.label for branch in revision.branches.all()]:
        sentence = _("Narrower than demanded: members of other branches will not read it; a reason is needed.")
        yield Line(_("Branches"), _("every branch"), listed(branches), Sign.DIFFERS, sentence)


def _forms(revision: Revision, version: CatalogueEntryVersion) -> Iterator[Line]:
    demanded, submitted = list(version.forms.all()), list(revision.forms.all())
    chosen = {form.pk for form in submitted}
    missing = [form.label for form in demanded if form.pk not in chosen]
    sentence = _("Not planned: %(forms)s.") % {"forms": listed(missing)} if missing else ""
    yield Line(
        _("Forms"),
        listed(form.label for form in demanded),
        listed(form.label for form in submitted) or _("nothing stated"),
        Sign.DIFFERS if missing else Sign.OK,
        sentence,
    )


def _sensitive(revision: Revision, version: CatalogueEntryVersion) -> Iterator[Line]:
    """S42: what the catalogue calls sensitive is sensitive until somebody says why not."""
    if not (version.sensitive or revision.sensitive):
        return
    label = _("Especially major or sensitive")
    if version.sensitive and not revision.sensitive:
        sentence = _("The catalogue holds it to be sensitive; the superior organisation would have to be asked.")
        yield Line(label, _("Yes"), _("No"), Sign.DIFFERS, sentence)
    elif version.sensitive:
        yield Line(label, _("Yes"), _("Yes"))
    else:
        yield Line(label, _("No"), _("Yes"), Sign.NOTE, _("Marked by the drafter or a reviewer."))


def _personal_data(revision: Revision, version: CatalogueEntryVersion) -> Iterator[Line]:
    """S25: what concerns persons is looked at once more before it becomes public."""
    if version.personal_data:
        sentence = _("Check that nothing about a person is shown that need not be.")
        yield Line(_("Personal data"), _("No more than is needed"), _("to be read"), Sign.NOTE, sentence)


def _vital_interest(revision: Revision, version: CatalogueEntryVersion) -> Iterator[Line]:
    """S21 and S22: what touches people's own interests is disclosed before, during and after."""
    if not (version.vital_interest or revision.vital_interest):
        return
    label, demanded = _("Vital interest"), _("Before, during and after")
    if not revision.vital_interest:
        yield Line(label, demanded, _("not marked"), Sign.DIFFERS, _("The catalogue demands the three phases."))
        return
    if revision.matter is None or not revision.phase:
        yield Line(label, demanded, _("a single disclosure"), Sign.DIFFERS, _("Matter and phase are missing."))
        return
    out = set(revision.matter.revisions.filter(release__isnull=False).values_list("phase", flat=True))
    order = [Phase.BEFORE, Phase.DURING, Phase.AFTER]
    missing = [str(phase.label) for phase in order[: order.index(Phase(revision.phase))] if phase not in out]
    sentence = _("Never disclosed: %(phases)s.") % {"phases": listed(missing)} if missing else ""
    yield Line(label, demanded, str(revision.get_phase_display()), Sign.DIFFERS if missing else Sign.OK, sentence)


def _limit(revision: Revision, version: CatalogueEntryVersion, count: WorkingDays) -> Iterator[Line]:
    """S17 and S40: in time is counted from the event, else from the date of issue, else from the end of the period."""
    if not version.time_limit:
        return
    label, demanded = _("Time limit"), in_words(version.time_limit)
    opens = _opening(revision)
    submitted = _("opens on %(day)s") % {"day": date_format(opens)}
    if revision.is_backfilled:
        yield Line(label, demanded, submitted, Sign.NOTE, _("Entered later: on-time figures leave it out."))
        return
    start, days = _counted(revision, version)
    if not days:
        yield Line(label, demanded, submitted)
    elif start is None:
        sentence = _("The day from which the limit is counted is not stated.")
        yield Line(label, demanded, submitted, Sign.NOTE, sentence)
    elif opens > (due := count(start, days)):
        sentence = _("Due on %(day)s; it opens later.") % {"day": date_format(due)}
        yield Line(label, demanded, submitted, Sign.DIFFERS, sentence)
    else:
        yield Line(label, demanded, submitted)


def _counted(revision: Revision, version: CatalogueEntryVersion) -> tuple[date | None, int]:
    """From which day how many working days are counted; no days where the entry sets none."""
    rule = version.time_limit
    if rule.get("rule") == "within_working_days":
        return revision.occurred_on or revision.issued_on, int(rule.get("days", 0))
    return revision.period_until, int(rule.get("due_working_days", 0))


def _opening(revision: Revision) -> date:
    """The day on which the text opens inside the Party: as planned, else when it was submitted, never earlier."""
    planned = revision.planned_internal_from
    return timezone.localdate(max(planned, revision.submitted_at) if planned else revision.submitted_at)


def _lead(revision: Revision, version: CatalogueEntryVersion) -> Iterator[Line]:
    """S41: inside the Party first."""
    days = version.internal_lead_days
    if not days or not revision.goes_public:
        return
    label = _("Inside the Party first")
    demanded = ngettext("at least %(days)d day", "at least %(days)d days", days) % {"days": days}
    public = revision.planned_public_from
    if public is None:
        yield Line(label, demanded, _("opened as soon as the rule allows"))
        return
    begins = revision.planned_internal_from or revision.submitted_at
    planned = max((timezone.localdate(public) - timezone.localdate(begins)).days, 0)
    submitted = ngettext("%(days)d day", "%(days)d days", planned) % {"days": planned}
    if public - begins < timedelta(days=days):
        yield Line(
            label, demanded, submitted, Sign.DIFFERS, _("The public opening will wait until the days have passed.")
        )
    else:
        yield Line(label, demanded, submitted)


def _notice(revision: Revision, version: CatalogueEntryVersion, count: WorkingDays) -> Iterator[Line]:
    """A public notice stays open for the working days that the entry demands."""
    days = version.notice_min_working_days
    if not days:
        return
    label = _("Length of the notice")
    demanded = ngettext("at least %(days)d working day", "at least %(days)d working days", days) % {"days": days}
    window = (revision.planned_public_from, revision.planned_public_until)
    begins, ends = window if revision.goes_public else (revision.planned_internal_from, revision.planned_internal_until)
    if ends is None:
        yield Line(label, demanded, _("no end planned"))
        return
    last = count(timezone.localdate(begins or revision.submitted_at), days)
    submitted = _("until %(day)s") % {"day": date_format(timezone.localtime(ends))}
    if timezone.localdate(ends) < last:
        sentence = _("It would have to stay open until %(day)s.") % {"day": date_format(last)}
        yield Line(label, demanded, submitted, Sign.DIFFERS, sentence)
    else:
        yield Line(label, demanded, submitted)
