"""Review routes as data: who examines, in which order."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.catalogue import Named
from organizations.models import UnitKind


class RouteKind(models.TextChoices):
    """Which items a route is for."""

    BUREAU = "bureau", _("Items of the bureau")
    BRANCH = "branch", _("Items of a branch")
    SENSITIVE = "sensitive", _("Added for sensitive items")


class Route(Named):
    """An ordered list of stages; the sensitive route is added behind the other two (S36, S37, S43)."""

    Kind = RouteKind

    code = models.SlugField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("for"), max_length=12, choices=RouteKind, unique=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("review route")
        verbose_name_plural = _("review routes")


class DecidingUnit(models.TextChoices):
    """Whose people decide a stage."""

    OWN = "own", _("The disclosing unit itself")
    PARTY_PARENT = "party_parent", _("The disclosing unit's Party superior")
    BODY = "body", _("A named kind of body")


class Rule(models.TextChoices):
    """When a stage agrees."""

    ONE = "one", _("One of them agrees")
    COUNT = "count", _("The number below agrees")
    ALL = "all", _("Everyone appointed agrees")
    CHAIR = "chair", _("The number below agrees, the chair among them")


class Stage(Named):
    """One stage of a route: which roles of which unit decide, how many of them, on which aspects."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="stages", verbose_name=_("route"))
    order = models.PositiveSmallIntegerField(_("order"))
    deciding_unit = models.CharField(_("decided in"), max_length=15, choices=DecidingUnit)
    unit_kind = models.CharField(_("kind of body"), max_length=30, choices=UnitKind, blank=True)
    roles = models.JSONField(_("roles"), default=list)
    rule = models.CharField(_("rule"), max_length=10, choices=Rule, default=Rule.COUNT)
    chair_roles = models.JSONField(_("roles of the chair"), default=list, blank=True)
    quorum = models.PositiveSmallIntegerField(_("approvals needed"), default=1)
    aspects = models.JSONField(_("aspects"), default=list)
    takes_evidence = models.BooleanField(_("may be entered from minutes or a document"), default=False)
    limit_working_days = models.PositiveSmallIntegerField(
        _("limit in working days"), null=True, blank=True, help_text=_("Left empty, the stage has no limit.")
    )

    class Meta:
        ordering = ["route", "order"]
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [
            models.UniqueConstraint(fields=["route", "order"], name="stage_order_once"),
            models.CheckConstraint(
                condition=~Q(deciding_unit=DecidingUnit.BODY) | ~Q(unit_kind=""),
                name="stage_body_is_named",
                violation_error_message=_("Name the kind of body that decides."),
            ),
            models.CheckConstraint(
                condition=Q(quorum__gte=1),
                name="stage_quorum_positive",
                violation_error_message=_("At least one approval is needed."),
            ),
        ]
