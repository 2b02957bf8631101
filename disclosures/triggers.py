"""Rules of this room that the database itself keeps, on both databases, superuser included."""

from django.db import models

from audit.triggers import (
    Trigger,
    append_only,
    append_only_with_door,
    immutable_columns,
    refuse_insert,
    register,
    written_once,
)
from disclosures.content_scopes import ALL
from disclosures.content_triggers import OF_CATEGORY, OF_MATTER, OF_UNIT, OF_YEAR, touches
from disclosures.models import PassageRemark, Revision, RevisionAttachment

CONTRIBUTORS = "disclosures_revisioncontributor"
DECISIONS = "disclosures_decision"
STEPS = "disclosures_reviewstep"
RELEASES = "disclosures_release"
PASSAGES = "disclosures_passageremark"
REVISIONS = "disclosures_revision"
REDACTIONS = "disclosures_redaction"
REDACTED = "disclosures_redactedrevision"

MASKED_IN_A_REVISION = (
    "title",
    "body",
    "body_text",
    "basis",
    "document_number",
    "focus_reason",
    "change_note",
)
MASKED_IN_AN_ATTACHMENT = ("filename", "label")
MASKED_IN_A_PASSAGE = ("quote", "before", "after", "remark")

BY_A_CONTRIBUTOR = (
    f"EXISTS (SELECT 1 FROM {CONTRIBUTORS} c WHERE c.revision_id = NEW.revision_id"
    " AND (c.user_id = NEW.decided_by_id OR c.user_id = NEW.recorded_by_id))"
)
ON_ANOTHER_REVISION = f"EXISTS (SELECT 1 FROM {STEPS} s WHERE s.id = NEW.step_id AND s.revision_id <> NEW.revision_id)"
OF_ANOTHER_DECISION = (
    f"EXISTS (SELECT 1 FROM {DECISIONS} d WHERE d.id = NEW.decision_id AND d.revision_id <> NEW.revision_id)"
)
ON_A_CLOSED_STEP = f"EXISTS (SELECT 1 FROM {STEPS} s WHERE s.id = NEW.step_id AND s.state <> 'open')"
BY_A_DECIDER = (
    f"EXISTS (SELECT 1 FROM {DECISIONS} d WHERE d.revision_id = NEW.revision_id"
    " AND (d.decided_by_id = NEW.user_id OR d.recorded_by_id = NEW.user_id))"
)
UNDER_REVIEW = f"EXISTS (SELECT 1 FROM {STEPS} s WHERE s.revision_id = NEW.revision_id AND s.state = 'open')"
IS_A_REDACTION = f"EXISTS (SELECT 1 FROM {REDACTIONS} x WHERE x.corrected_revision_id = NEW.revision_id)"
STEP_NOT_APPROVED = (
    f"EXISTS (SELECT 1 FROM {STEPS} s WHERE s.revision_id = NEW.revision_id AND s.state NOT IN ('approved', 'lifted'))"
    f" AND NOT (NEW.urgent_by_id IS NOT NULL AND {UNDER_REVIEW})"
)
NEVER_REVIEWED = f"NOT NEW.is_generated AND NOT EXISTS (SELECT 1 FROM {STEPS} s WHERE s.revision_id = NEW.revision_id)"
NOT_APPROVED = f"NOT {IS_A_REDACTION} AND (({STEP_NOT_APPROVED}) OR ({NEVER_REVIEWED}))"
WIDER_THAN_BEFORE = (
    f"{IS_A_REDACTION} AND (NOT EXISTS (SELECT 1 FROM {RELEASES} r WHERE r.item_id = NEW.item_id"
    " AND r.internal_from <= NEW.internal_from AND (NEW.is_limited OR NOT r.is_limited))"
    f" OR (NEW.public_from IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {RELEASES} r WHERE r.item_id = NEW.item_id"
    " AND r.public_from <= NEW.public_from)))"
)
OF_ANOTHER_ITEM = (
    f"EXISTS (SELECT 1 FROM {REVISIONS} r WHERE r.id = NEW.corrected_revision_id AND r.item_id <> NEW.item_id)"
)
OF_ANOTHER_REDACTION = (
    f"EXISTS (SELECT 1 FROM {REDACTIONS} x, {REVISIONS} r WHERE x.id = NEW.redaction_id"
    " AND r.id = NEW.revision_id AND (r.item_id <> x.item_id OR r.id = x.corrected_revision_id))"
)
URGENT_BY_A_CONTRIBUTOR = (
    f"EXISTS (SELECT 1 FROM {CONTRIBUTORS} c WHERE c.revision_id = NEW.revision_id AND c.user_id = NEW.urgent_by_id)"
)
URGENT_THOUGH_SENSITIVE = (
    f"NEW.urgent_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM {REVISIONS} r"
    " WHERE r.id = NEW.revision_id AND r.sensitive)"
)
BY_ITS_URGENT_OPENER = (
    f"EXISTS (SELECT 1 FROM {RELEASES} r WHERE r.revision_id = NEW.revision_id AND r.urgent_by_id = NEW.user_id)"
)
BY_WHO_URGED_IT = (
    f"EXISTS (SELECT 1 FROM {RELEASES} r WHERE r.revision_id = NEW.revision_id"
    " AND (r.urgent_by_id = NEW.decided_by_id OR r.urgent_by_id = NEW.recorded_by_id))"
)


def masked_by_redaction(
    model: type[models.Model], columns: tuple[str, ...], revision: str, unique: tuple[str | tuple[str, ...], ...]
) -> Trigger:
    """Rows written once, but for `columns` where a redaction names the row's revision, found in column `revision`."""
    meta = model._meta
    return append_only_with_door(
        meta.db_table,
        columns,
        [str(field.column) for field in meta.concrete_fields if field.column not in columns],
        f'EXISTS (SELECT 1 FROM {REDACTED} d WHERE d.revision_id = OLD."{revision}")',
        unique,
        reads={REDACTED: ("revision_id",)},
    )


register(
    append_only("disclosures_itemcontributor", unique=("id", ("item_id", "user_id"))),
    masked_by_redaction(Revision, MASKED_IN_A_REVISION, "id", ("id", "uid", ("item_id", "number"))),
    append_only("disclosures_revision_forms", unique=("id", ("revision_id", "formofdisclosure_id"))),
    append_only("disclosures_revision_branches", unique=("id", ("revision_id", "unit_id"))),
    masked_by_redaction(RevisionAttachment, MASKED_IN_AN_ATTACHMENT, "revision_id", ("id", ("revision_id", "uid"))),
    append_only("disclosures_recusal", unique=("id", ("item_id", "user_id"))),
    immutable_columns(
        "disclosures_sensitivitychange",
        ("revision_id", "kind", "reason", "by_id", "by_name", "at"),
        unique=("id",),
    ),
    append_only(CONTRIBUTORS, unique=("id", ("revision_id", "user_id"))),
    append_only(DECISIONS, unique=("id", "uid", ("step_id", "decided_by_id"))),
    append_only("disclosures_revisionfinding", unique=("id", ("revision_id", "key"))),
    append_only("disclosures_verdict", unique=("id", ("decision_id", "aspect"))),
    masked_by_redaction(PassageRemark, MASKED_IN_A_PASSAGE, "revision_id", ("id", "uid")),
    immutable_columns(
        REDACTIONS,
        ("item_id", "by_id", "by_name", "by_office", "at", "reason", "kinds"),
        unique=("id", "uid", "corrected_revision_id"),
    ),
    written_once(REDACTIONS, "confirmed_at", ("confirmed_by_id", "confirmed_by_name")),
    append_only(REDACTED, unique=("id", ("redaction_id", "revision_id"))),
    append_only("disclosures_redactedfile", unique=("id", ("redaction_id", "sha256"))),
    refuse_insert(
        REDACTIONS,
        OF_ANOTHER_ITEM,
        OF_ANOTHER_ITEM,
        "The masked revision of a redaction is one of its item.",
        name="same_item",
        reads={REDACTIONS: ("item_id", "corrected_revision_id"), REVISIONS: ("id", "item_id")},
    ),
    refuse_insert(
        REDACTED,
        OF_ANOTHER_REDACTION,
        OF_ANOTHER_REDACTION,
        "A redaction overwrites earlier revisions of its own item.",
        name="same_item",
        reads={REDACTIONS: ("id", "item_id"), REVISIONS: ("id", "item_id")},
    ),
    refuse_insert(
        RELEASES,
        WIDER_THAN_BEFORE,
        WIDER_THAN_BEFORE,
        "A masked text opens no wider and no earlier than the text before it.",
        name="redaction_no_wider",
        reads={REDACTIONS: ("corrected_revision_id",), RELEASES: ("item_id", "is_limited", "public_from")},
    ),
    immutable_columns(
        STEPS,
        (
            "revision_id",
            "order",
            "name",
            "unit_id",
            "route_kind",
            "route_version",
            "roles",
            "rule",
            "chair_roles",
            "quorum",
            "aspects",
            "takes_evidence",
            "limit_working_days",
        ),
        unique=("id",),
    ),
    immutable_columns(
        RELEASES,
        (
            "item_id",
            "unit_id",
            "internal_from",
            "public_not_before",
            "public_from",
            "created_at",
            "urgent_by_id",
            "urgent_reason",
        ),
        unique=("id", "uid", "revision_id"),
    ),
    refuse_insert(
        DECISIONS,
        BY_A_CONTRIBUTOR,
        BY_A_CONTRIBUTOR,
        "Whoever saved or submitted a revision never decides on it.",
        name="four_eyes",
        reads={CONTRIBUTORS: ("revision_id", "user_id")},
    ),
    refuse_insert(
        CONTRIBUTORS,
        BY_A_DECIDER,
        BY_A_DECIDER,
        "Whoever decided on a revision cannot be made its author afterwards.",
        name="four_eyes",
        reads={DECISIONS: ("revision_id", "decided_by_id", "recorded_by_id")},
    ),
    refuse_insert(
        DECISIONS,
        ON_ANOTHER_REVISION,
        ON_ANOTHER_REVISION,
        "A decision stands on the revision of its step.",
        name="same_revision",
        reads={STEPS: ("id", "revision_id")},
    ),
    refuse_insert(
        DECISIONS,
        ON_A_CLOSED_STEP,
        ON_A_CLOSED_STEP,
        "A decision is taken while its step is open.",
        name="step_open",
        reads={STEPS: ("id", "state")},
    ),
    refuse_insert(
        RELEASES,
        NOT_APPROVED,
        NOT_APPROVED,
        "Only a revision that every step of its review approved is opened to readers.",
        name="approved",
        reads={
            RELEASES: ("revision_id", "is_generated", "urgent_by_id"),
            STEPS: ("revision_id", "state"),
            REDACTIONS: ("corrected_revision_id",),
        },
    ),
    refuse_insert(
        RELEASES,
        URGENT_BY_A_CONTRIBUTOR,
        URGENT_BY_A_CONTRIBUTOR,
        "Whoever saved or submitted a revision never opens it urgently.",
        name="urgent_four_eyes",
        reads={RELEASES: ("revision_id", "urgent_by_id"), CONTRIBUTORS: ("revision_id", "user_id")},
    ),
    refuse_insert(
        RELEASES,
        URGENT_THOUGH_SENSITIVE,
        URGENT_THOUGH_SENSITIVE,
        "A sensitive revision is not opened before its superior has answered.",
        name="urgent_not_sensitive",
        reads={RELEASES: ("revision_id", "urgent_by_id"), REVISIONS: ("id", "sensitive")},
    ),
    refuse_insert(
        DECISIONS,
        BY_WHO_URGED_IT,
        BY_WHO_URGED_IT,
        "Whoever opened a revision urgently does not confirm it.",
        name="urgent_confirmed_by_another",
        reads={RELEASES: ("revision_id", "urgent_by_id")},
    ),
    refuse_insert(
        CONTRIBUTORS,
        BY_ITS_URGENT_OPENER,
        BY_ITS_URGENT_OPENER,
        "Whoever opened a revision urgently cannot be made its author afterwards.",
        name="urgent_four_eyes",
        reads={RELEASES: ("revision_id", "urgent_by_id")},
    ),
    refuse_insert(
        PASSAGES,
        OF_ANOTHER_DECISION,
        OF_ANOTHER_DECISION,
        "A remark on a passage stands on the revision of its decision.",
        name="same_revision",
        reads={PASSAGES: ("decision_id", "revision_id"), DECISIONS: ("id", "revision_id")},
    ),
)

OPENED = f"EXISTS (SELECT 1 FROM {RELEASES} x WHERE x.revision_id = r.revision_id)"
PUBLISHED = (
    "EXISTS (SELECT 1 FROM disclosures_revisionattachment a"
    f" JOIN {RELEASES} x ON x.revision_id = a.revision_id WHERE a.file_id = r.file_id)"
)

register(  # whatever a public page shows gives the content version a new stamp
    touches(RELEASES, OF_CATEGORY, OF_UNIT, OF_YEAR, OF_MATTER, reads=(REVISIONS,)),
    touches(REVISIONS, events=("UPDATE", "DELETE")),
    touches("disclosures_revisionattachment", events=("UPDATE", "DELETE")),
    touches(REDACTED),
    touches(STEPS, when=OPENED, reads=(RELEASES,)),
    touches("disclosures_thumbnail", when=PUBLISHED, reads=(RELEASES, "disclosures_revisionattachment")),
    touches("disclosures_filetext", when=PUBLISHED, reads=(RELEASES, "disclosures_revisionattachment")),
    touches("disclosures_searchdocument", f"'{ALL}'"),
    *(
        touches(table)
        for table in (
            "disclosures_pin",
            "disclosures_category",
            "disclosures_formofdisclosure",
            "disclosures_catalogueentry",
            "disclosures_catalogueentryversion",
            "disclosures_catalogueentryversion_forms",
            "disclosures_matter",
            "organizations_unit",
            "organizations_appointment",
            "organizations_calendarday",
        )
    ),
    touches("organizations_user", events=("UPDATE",), columns=("display_name",)),
)
