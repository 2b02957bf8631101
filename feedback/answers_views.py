"""The page of published answers and its feed: they decide nothing and set no cookie."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.feeds.entries import BEGINNING, ENTRIES, SUMMARY, Entry
from disclosures.feeds.formats import Feed, write
from disclosures.richtext import clean_line
from disclosures.validators import revalidated
from disclosures.views.asking import BoardRequest
from disclosures.visibility import PUBLIC
from feedback import answers, reports
from feedback.models import Reply


@require_safe
def listed(request: BoardRequest) -> HttpResponse:
    """Published answers, newest first, with filters and paging by key."""
    choice = answers.read(request.GET)
    everything = reports.answers_visible_to(request.reader, request.at)
    cells = answers.tally(everything)
    page = answers.page_of(answers.narrowed(everything, choice), choice)
    path = request.path
    is_first = choice.after is None and choice.before is None
    context = {
        "answers": reports.as_listed(page.rows, request.reader, request.at),
        "groups": answers.groups_of(cells, choice, path),
        "chips": answers.chips_of(cells, choice, path),
        "count": answers.counted(cells, choice),
        "is_first": is_first,
        "newer_url": path + choice.query(before=page.newer) if page.newer else "",
        "older_url": path + choice.query(after=page.older) if page.older else "",
        "first_url": "" if is_first else path + choice.query(),
        "crumbs": [{"label": _("Opinions"), "url": reverse("feedback:home")}],
        "feed_url": reverse("feedback:answers_feed"),
    }
    return render(request, "feedback/answers.html", context)


@require_safe
def feed(request: BoardRequest) -> HttpResponse:
    """The newest answers that are open to the public, whoever asks, as Atom."""
    rows = list(reports.answers_visible_to(PUBLIC, request.at)[:ENTRIES])
    entries = [_entry(row) for row in rows]
    told = Feed(
        title=_("Opinions and answers"),
        lead=_("Newly published answers, newest first."),
        page=reverse("feedback:answers"),
        itself=reverse("feedback:answers_feed"),
        updated=_last_change(entries, request.at),
        entries=entries,
        absolute=request.build_absolute_uri,
    )
    document, content_type = write(told, "atom")
    return revalidated(request, HttpResponse(document, content_type=content_type))


def _last_change(entries: list[Entry], at: datetime) -> datetime:
    """When the feed last changed; an answer taken back counts."""
    instants = [entry.published for entry in entries]
    return max([*instants, reports.last_retraction(PUBLIC, at) or BEGINNING])


def _entry(reply: Reply) -> Entry:
    assert reply.published_at is not None  # only published answers are listed
    question, text = clean_line(reply.published_question), clean_line(reply.published_text)
    return Entry(
        id=reply.uid.urn,
        path=f"{reverse('feedback:answers')}#answer-{reply.uid}",
        title=question if len(question) <= SUMMARY // 2 else f"{question[: SUMMARY // 2]}…",
        summary=text if len(text) <= SUMMARY else f"{text[:SUMMARY]}…",
        unit=reply.case.unit.label,
        category=reply.case.get_kind_display(),
        published=reply.published_at,
        updated=reply.published_at,
    )
