"""Rules of this room that the database itself keeps, on both databases, superuser included."""

from audit.triggers import append_only, immutable_columns, refuse_insert, register

CONTRIBUTORS = "disclosures_revisioncontributor"
DECISIONS = "disclosures_decision"
STEPS = "disclosures_reviewstep"
RELEASES = "disclosures_release"

BY_A_CONTRIBUTOR = (
    f"EXISTS (SELECT 1 FROM {CONTRIBUTORS} c WHERE c.revision_id = NEW.revision_id"
    " AND (c.user_id = NEW.decided_by_id OR c.user_id = NEW.recorded_by_id))"
)
ON_ANOTHER_REVISION = f"EXISTS (SELECT 1 FROM {STEPS} s WHERE s.id = NEW.step_id AND s.revision_id <> NEW.revision_id)"
ON_A_CLOSED_STEP = f"EXISTS (SELECT 1 FROM {STEPS} s WHERE s.id = NEW.step_id AND s.state <> 'open')"
BY_A_DECIDER = (
    f"EXISTS (SELECT 1 FROM {DECISIONS} d WHERE d.revision_id = NEW.revision_id"
    " AND (d.decided_by_id = NEW.user_id OR d.recorded_by_id = NEW.user_id))"
)
NOT_APPROVED = (
    f"EXISTS (SELECT 1 FROM {STEPS} s WHERE s.revision_id = NEW.revision_id AND s.state NOT IN ('approved', 'lifted'))"
    f" OR (NOT NEW.is_generated AND NOT EXISTS (SELECT 1 FROM {STEPS} s WHERE s.revision_id = NEW.revision_id))"
)

register(
    append_only("disclosures_itemcontributor", unique=("id", ("item_id", "user_id"))),
    append_only("disclosures_revision", unique=("id", "uid", ("item_id", "number"))),
    append_only("disclosures_revision_forms", unique=("id", ("revision_id", "formofdisclosure_id"))),
    append_only("disclosures_revision_branches", unique=("id", ("revision_id", "unit_id"))),
    append_only("disclosures_revisionattachment", unique=("id", ("revision_id", "uid"))),
    append_only("disclosures_recusal", unique=("id", ("item_id", "user_id"))),
    immutable_columns(
        "disclosures_sensitivitychange",
        ("revision_id", "kind", "reason", "by_id", "by_name", "at"),
        unique=("id",),
    ),
    append_only(CONTRIBUTORS, unique=("id", ("revision_id", "user_id"))),
    append_only(DECISIONS, unique=("id", "uid", ("step_id", "decided_by_id"))),
    append_only("disclosures_verdict", unique=("id", ("decision_id", "aspect"))),
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
        ),
        unique=("id",),
    ),
    immutable_columns(
        RELEASES,
        ("item_id", "unit_id", "internal_from", "public_not_before", "public_from", "created_at"),
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
        reads={RELEASES: ("revision_id", "is_generated"), STEPS: ("revision_id", "state")},
    ),
)
