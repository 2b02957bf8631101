"""Rules of feedback that the database itself keeps, on both databases, superuser included."""

from audit.triggers import append_only, immutable_columns, refuse_insert, register
from disclosures.content_scopes import ANSWERS
from disclosures.content_triggers import touches

CASES = "feedback_case"
PROOFS = "feedback_proof"
VERIFICATIONS = "feedback_verification"

BY_WHO_DID_IT = f"EXISTS (SELECT 1 FROM {PROOFS} p WHERE p.id = NEW.proof_id AND p.done_by_id = NEW.verified_by_id)"
ANSWERED = "EXISTS (SELECT 1 FROM feedback_reply p WHERE p.case_id = r.id AND p.published_at IS NOT NULL)"

register(
    # The unit is left out: a case can be passed on to the unit that answers for it.
    immutable_columns(
        CASES,
        ("item_id", "kind", "sender_kind", "is_named", "text", "received_at"),
        unique=("id", "uid", "number", "token_digest", "code_digest"),
    ),
    append_only("feedback_message", unique=("id", "uid", "token_digest")),
    immutable_columns("feedback_investigation", ("case_id", "investigator_id", "started_at"), unique=("id",)),
    immutable_columns("feedback_reply", ("case_id", "text", "at", "by_id")),
    append_only("feedback_rectification"),
    append_only(PROOFS, unique=("id",)),
    append_only(VERIFICATIONS, unique=("id", "proof_id")),
    # The sealed text itself can be sealed again with a new key, or destroyed when its time is over.
    immutable_columns("feedback_identity", ("sealed_at",), unique=("id", "case_id")),
    refuse_insert(
        VERIFICATIONS,
        BY_WHO_DID_IT,
        BY_WHO_DID_IT,
        "Whoever reported a rectification done never verifies it.",
        name="four_eyes",
        reads={PROOFS: ("id", "done_by_id")},
    ),
)

register(  # limits, extensions and decisions on requests are facts; the clock and its reminders are derived
    append_only("feedback_caselimit", unique=("id",)),
    append_only("feedback_extension", unique=("id", "case_id")),
    append_only("feedback_requestdecision", unique=("id", "uid")),
    append_only("feedback_fulfilment", unique=("id", "case_id", "reply_id")),
)

register(  # what came with a case, and what its sender says of the answer
    append_only("feedback_wish", unique=("id", "case_id")),
    append_only("feedback_casefile", unique=("id", "uid", ("case_id", "order"))),
    append_only("feedback_intake", unique=("id", "case_id")),
    append_only("feedback_satisfaction", unique=("id", "reply_id")),
    append_only("feedback_reopening", unique=("id", "reply_id")),
)

register(  # what the board shows of answers
    touches("feedback_reply", f"'{ANSWERS}'", when="r.published_at IS NOT NULL"),
    touches(CASES, f"'{ANSWERS}'", events=("UPDATE",), when=ANSWERED, reads=("feedback_reply",)),
    touches(VERIFICATIONS, f"'{ANSWERS}'"),
)
