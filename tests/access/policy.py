"""Who may open which address, written by hand; an address without a row fails the suite.

`ALL` are anonymous visitors, the cast, and `superuser`: an account with every flag of Django and no appointment. A row
names who gets 200; the others get `otherwise`. Visitors and members without a workbench who knock at the admin are sent
to the log-in page (302). Addresses of objects are asked for an object that is there; `tests/access/test_objects.py`
asks about hidden ones.
"""

from dataclasses import dataclass, field

from organizations.cast import CAST

ANONYMOUS = "anonymous"
SUPERUSER = "superuser"
ALL = (ANONYMOUS, *(player.username for player in CAST), SUPERUSER)
STAFF = frozenset({*(player.username for player in CAST if player.is_staff), SUPERUSER})
LOGGED_IN = frozenset(ALL) - {ANONYMOUS}
INSIDE = LOGGED_IN - {"auditor", "sysadmin", SUPERUSER}  # members, and offices that read every internal disclosure
ITEM_READERS = frozenset("drafter branch_drafter secretary examiner leader deputy member supervisor".split())
BUREAU_READERS = ITEM_READERS - {"branch_drafter", "secretary"}
QUEUE = ITEM_READERS | {"superior"}
CASE_READERS = ITEM_READERS | {"superior"}  # a complaint about the bureau is received above it
DRAFTERS = frozenset({"drafter", "branch_drafter"})
TRAIL = frozenset({"supervisor", "auditor"})
KEEPERS = frozenset({"sysadmin"})
CATALOGUE = ITEM_READERS
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """What a GET answers: 200 to `allowed`, `otherwise` to everyone else; `args` are keys of the world's objects."""

    allowed: frozenset[str]
    otherwise: int = 403
    args: dict[str, str] = field(default_factory=dict)
    ok: int = 200
    is_admin: bool = False
    visitors: int | None = None
    hidden: frozenset[str] = NOBODY

    def expected(self, name: str) -> int:
        """The status for one of `ALL`."""
        if name in self.allowed:
            return self.ok
        if name in self.hidden:
            return 404
        if name == ANONYMOUS and self.visitors:
            return self.visitors
        return 302 if self.is_admin and name not in STAFF else self.otherwise


def public(ok: int = 200, **args: str) -> Row:
    """Open to everyone."""
    return Row(frozenset(ALL), args=args, ok=ok)


def desk(
    allowed: frozenset[str], otherwise: int = 403, ok: int = 200, hidden: frozenset[str] = NOBODY, **args: str
) -> Row:
    """A page of the workbench; it is missing (404) for those in `hidden`, who read the table but not this row."""
    return Row(allowed, otherwise, args, ok, is_admin=True, hidden=hidden)


def post_only(**args: str) -> Row:
    """An address that takes a POST: 405 for whoever may come near it, 404 for staff who may not read the object."""
    return Row(NOBODY, 405, args)


def model_pages(
    model: str, view: frozenset[str], add: frozenset[str] = NOBODY, history: int = 404, change: int = 403
) -> dict[str, Row]:
    """The five pages Django's admin has for a table; nothing is ever deleted there.

    `change` is what a row answers to whoever may not look at the table: the same whether or not the row exists.
    """
    pk = {"object_id": model}
    told = view if history == 200 else NOBODY
    return {
        f"admin:{model}_changelist": desk(view),
        f"admin:{model}_add": desk(add),
        f"admin:{model}_change": desk(view, change, **pk),
        f"admin:{model}_history": desk(told, 404, **pk),
        f"admin:{model}_delete": desk(NOBODY, 404, **pk),
    }


POLICY: dict[str, Row] = {
    # the doors
    "healthz": public(),
    "readyz": public(),
    "login": public(),
    "logout": post_only(),
    "arrival": Row(NOBODY, 302),
    "password_change": Row(LOGGED_IN, 302),
    "display": public(ok=302, choice="display"),
    # the board
    **{
        f"disclosures:{name}": public()
        for name in (
            "board items focus search units catalogue leading_group statistics about site_map feeds feed feed_search"
            " open_data open_data_schema item_schema sitemap sitemap_pages robots"
            " archive_index accessibility"
        ).split()
    },
    "disclosures:mobile": public(ok=301),
    "disclosures:item": public(number="number"),
    "disclosures:file": public(number="number", uid="file"),
    "disclosures:file_text": public(number="number", uid="text_file"),
    "disclosures:thumbnail": public(number="number", uid="file", box="box"),
    "disclosures:category": public(slug="category"),
    "disclosures:unit": public(code="unit"),
    "disclosures:matter": public(number="matter"),
    "disclosures:archive": public(year="year"),
    "disclosures:verify": public(code="sheet_code"),
    "disclosures:feed_category": public(slug="category"),
    "disclosures:feed_unit": public(code="unit"),
    "disclosures:item_data": public(number="number"),
    "disclosures:open_data_file": public(year="year", kind="data_kind"),
    "disclosures:sitemap_part": public(span="span"),
    "disclosures:feed_as": public(kind="feed_kind"),
    "disclosures:feed_category_as": public(slug="category", kind="feed_kind"),
    "disclosures:feed_unit_as": public(code="unit", kind="feed_kind"),
    "disclosures:feed_search_as": public(kind="feed_kind"),
    "disclosures:internal": Row(INSIDE, 403, visitors=302),
    # feedback
    "feedback:home": public(),
    "feedback:answers": public(),
    "feedback:answers_feed": public(),
    "feedback:new": public(),
    "feedback:track": public(),
    "feedback:message": post_only(),
    "feedback:file": post_only(),
    "feedback:verdict": post_only(),
    # the workbench
    "admin:index": desk(STAFF),
    "admin:login": Row(STAFF, 403, ok=302, visitors=302),
    "admin:logout": desk(NOBODY, 405),
    "admin:password_change": desk(NOBODY, 302),
    "admin:password_change_done": desk(STAFF),
    "admin:jsi18n": desk(STAFF),
    "admin:autocomplete": desk(NOBODY),
    "admin:app_list": desk(ITEM_READERS, 404, app_label="app_label"),
    "admin:view_on_site": Row(NOBODY, 404, {"content_type_id": "one", "object_id": "one"}),
    "review:queue": desk(QUEUE),
    "review:pins": desk(frozenset({"examiner"})),
    "review:revision": desk(BUREAU_READERS, 404, uid="revision"),
    "review:file": desk(BUREAU_READERS, 404, uid="revision", file_uid="file"),
    "review:evidence": desk(BUREAU_READERS, 404, uid="revision", decision_uid="decision"),
    "review:sheet": desk(BUREAU_READERS, 404, uid="revision"),
    "review:sheet_pdf": desk(BUREAU_READERS, 404, uid="revision"),
    "review:preview": desk(BUREAU_READERS, 404, uid="revision"),
    "review:decide": desk(NOBODY, 405, uid="revision"),
    "review:record": desk(NOBODY, 405, uid="revision"),
    "review:raise": desk(NOBODY, 405, uid="revision"),
    "review:lower": desk(NOBODY, 405, uid="revision"),
    "review:confirm_lower": desk(NOBODY, 405, uid="revision"),
    "review:recuse": desk(NOBODY, 405, uid="revision"),
    **model_pages("disclosures_item", BUREAU_READERS, DRAFTERS, history=200, change=404),
    "admin:disclosures_item_changelist": desk(ITEM_READERS),
    "admin:disclosures_item_act": desk(BUREAU_READERS, 404, pk="disclosures_item", verb="verb"),
    "admin:disclosures_item_redact": desk(
        frozenset({"examiner"}), 403, hidden=STAFF - BUREAU_READERS, pk="disclosures_item"
    ),
    "admin:disclosures_item_file": desk(BUREAU_READERS, 404, pk="disclosures_item", uid="file"),
    "admin:disclosures_item_autosave": desk(DRAFTERS),
    "admin:disclosures_item_thumbnail": desk(BUREAU_READERS, 404, pk="disclosures_item", uid="file", box="box"),
    "admin:disclosures_item_import": desk(DRAFTERS),
    "admin:disclosures_item_copy": desk(DRAFTERS),
    "admin:disclosures_item_backfill": desk(DRAFTERS),
    "admin:disclosures_item_remark": desk(BUREAU_READERS, 404, pk="disclosures_item"),
    "manual:index": desk(STAFF),
    "manual:role": desk(STAFF, slug="manual"),
    "admin:disclosures_item_preview": desk(BUREAU_READERS, 404, pk="disclosures_item"),
    "admin:disclosures_item_upload": desk(NOBODY, 405),
    "admin:disclosures_item_by_uid": desk(BUREAU_READERS, 404, ok=302, uid="item"),
    **model_pages("disclosures_catalogueentry", CATALOGUE),
    **model_pages("disclosures_catalogueentryversion", CATALOGUE, frozenset({"examiner"})),
    **model_pages("disclosures_category", CATALOGUE),
    **model_pages("disclosures_formofdisclosure", CATALOGUE),
    **model_pages("disclosures_matter", BUREAU_READERS, DRAFTERS, history=200),
    "admin:disclosures_matter_changelist": desk(ITEM_READERS),
    "admin:disclosures_matter_change": desk(BUREAU_READERS, hidden=ITEM_READERS, object_id="disclosures_matter"),
    **model_pages("disclosures_route", CATALOGUE, history=200),
    **model_pages("disclosures_screeningword", CATALOGUE, frozenset({"examiner"}), history=200),
    **model_pages("feedback_case", BUREAU_READERS, history=200, change=404),
    "admin:feedback_case_changelist": desk(CASE_READERS),
    "admin:feedback_case_add": desk(NOBODY, 404),
    "admin:feedback_case_act": desk(BUREAU_READERS, 404, ok=405, pk="feedback_case", verb="case_verb"),
    "admin:feedback_case_enter": desk(frozenset("drafter branch_drafter secretary examiner deputy superior".split())),
    "admin:feedback_case_file": desk(BUREAU_READERS, 404, pk="feedback_case", order="case_file"),
    "admin:feedback_case_proof": desk(BUREAU_READERS, 404, pk="feedback_case", proof="proof"),
    "admin:feedback_case_by_uid": desk(BUREAU_READERS, 404, ok=302, uid="case"),
    "admin:feedback_case_waiting": desk(CASE_READERS),
    "admin:feedback_case_register": desk(CASE_READERS, kind="register"),
    "admin:feedback_case_register_file": desk(CASE_READERS, kind="register"),
    **model_pages("feedback_caselimit", CASE_READERS, frozenset({"examiner"}), history=200),
    **model_pages("notifications_notice", STAFF),
    "admin:notifications_notice_change": desk(frozenset({"examiner"}), 404, object_id="notifications_notice"),
    "admin:notifications_notice_mark_read": desk(NOBODY, 405),
    **model_pages("organizations_unit", KEEPERS, KEEPERS, history=200),
    **model_pages("organizations_user", KEEPERS, KEEPERS, history=200),
    **model_pages("organizations_appointment", KEEPERS, KEEPERS, history=200),
    **model_pages("organizations_membership", KEEPERS, KEEPERS, history=200),
    **model_pages("organizations_calendarday", frozenset({"examiner"}), frozenset({"examiner"}), history=200),
    "admin:organizations_calendarday_upload": desk(frozenset({"examiner"})),
    **model_pages("organizations_substitution", KEEPERS, KEEPERS, history=200),
    "admin:auth_user_password_change": desk(KEEPERS, 403, id="organizations_user"),
    **model_pages("audit_event", TRAIL),
    "admin:audit_event_history": desk(TRAIL, object_id="audit_event"),
    "admin:audit_event_delete": desk(NOBODY, object_id="audit_event"),
}
