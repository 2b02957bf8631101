"""The operating manual in the workbench: one page for each part people play, in both languages."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import roles
from organizations.models import Role


@dataclass(frozen=True)
class Chapter:
    """A page of the manual and the roles it is for."""

    slug: str
    title: str | Promise
    roles: tuple[str, ...]


CHAPTERS = (
    Chapter("drafter", gettext_lazy("For drafters"), (Role.DRAFTER,)),
    Chapter("secretary", gettext_lazy("For branch secretaries"), (Role.BRANCH_SECRETARY,)),
    Chapter("office", gettext_lazy("For the leading-group office"), (Role.EXAMINER, Role.OFFICE_DIRECTOR)),
    Chapter(
        "group",
        gettext_lazy("For members of the leading group"),
        (Role.GROUP_LEADER, Role.GROUP_DEPUTY, Role.GROUP_MEMBER),
    ),
    Chapter("superior", gettext_lazy("For reviewers of the superior organisation"), (Role.SUPERIOR_REVIEWER,)),
    Chapter("supervisor", gettext_lazy("For appointed supervisors"), (Role.SUPERVISOR,)),
    Chapter("auditor", gettext_lazy("For auditors"), (Role.AUDITOR,)),
    Chapter("sysadmin", gettext_lazy("For system administrators"), (Role.SYSADMIN,)),
)


def chapters_for(request: HttpRequest) -> tuple[list[Chapter], list[Chapter]]:
    """The pages for the offices this person holds today, and the others."""
    held = {appointment.role for appointment in roles.appointments(request.user)}  # type: ignore[arg-type]
    mine = [chapter for chapter in CHAPTERS if held & set(chapter.roles)]
    return mine, [chapter for chapter in CHAPTERS if chapter not in mine]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every page of the manual, one's own first."""
    mine, others = chapters_for(request)
    return _page(request, "admin/manual/index.html", title=_("Operating manual"), mine=mine, others=others)


@require_safe
def role(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the manual."""
    chapter = next((one for one in CHAPTERS if one.slug == slug), None)
    if chapter is None:
        raise Http404
    language = "en" if get_language() == "en" else "zh"
    text = f"admin/manual/{language}/{slug}.html"
    return _page(request, "admin/manual/page.html", title=chapter.title, chapter=chapter, text=text, chapters=CHAPTERS)


def _page(request: HttpRequest, template: str, **context: object) -> TemplateResponse:
    request.current_app = admin.site.name
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})


app_name = "manual"
urlpatterns = [
    path("", admin.site.admin_view(index), name="index"),
    path("<slug:slug>/", admin.site.admin_view(role), name="role"),
]
