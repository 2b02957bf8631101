"""Rules of feedback that the database itself keeps, on both databases, superuser included."""

from audit.trigger_sql import PostgresTrigger, Trigger
from audit.triggers import append_only, immutable_columns, refuse_insert, register
from disclosures.content_scopes import ANSWERS
from disclosures.content_triggers import touches

CASES = "feedback_case"
PROOFS = "feedback_proof"
VERIFICATIONS = "feedback_verification"
REPLIES = "feedback_reply"
PUBLICATIONS = "feedback_publication"
REVIEWS = "feedback_publicationreview"
RETRACTIONS = "feedback_retraction"
REQUESTS = "feedback_identityrequest"
GRANTS = "feedback_identitydecision"
RELEASES = "disclosures_release"
DEMANDS = "feedback_rectificationdemand"

BY_WHO_DID_IT = f"EXISTS (SELECT 1 FROM {PROOFS} p WHERE p.id = NEW.proof_id AND p.done_by_id = NEW.verified_by_id)"
BY_WHO_PROPOSED_IT = (
    f"EXISTS (SELECT 1 FROM {PUBLICATIONS} p WHERE p.id = NEW.publication_id AND p.proposed_by_id = NEW.reviewed_by_id)"
)
BY_WHO_ASKED = f"EXISTS (SELECT 1 FROM {REQUESTS} q WHERE q.id = NEW.request_id AND q.asked_by_id = NEW.decided_by_id)"
NOT_GRANTED = f"NOT EXISTS (SELECT 1 FROM {GRANTS} g WHERE g.request_id = NEW.request_id AND g.is_granted)"
NOT_REVIEWED = (
    f"NEW.published_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {PUBLICATIONS} p"
    f" JOIN {REVIEWS} v ON v.publication_id = p.id LEFT JOIN {RETRACTIONS} t ON t.publication_id = p.id"
    " WHERE p.reply_id = NEW.id AND v.is_ok AND t.id IS NULL"
    " AND p.question = NEW.published_question AND p.text = NEW.published_text)"
)
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


def published_as_reviewed() -> Trigger:
    """Refuse that readers see an answer in words that no other person approved, or after it was taken back."""
    name = f"{REPLIES}_published_as_reviewed"
    message = f"An answer is published in the words another person approved. ({REPLIES})"
    refusal = f"RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = '23001';"
    body = f"IF {NOT_REVIEWED} THEN {refusal} END IF; RETURN NEW;"
    return Trigger(
        name=name,
        table=REPLIES,
        sqlite={
            f"{name}_{event.lower()}": (
                f'CREATE TRIGGER "{name}_{event.lower()}" BEFORE {event} ON "{REPLIES}" FOR EACH ROW'
                f" WHEN {NOT_REVIEWED} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            for event in ("INSERT", "UPDATE")
        },
        postgres={name: PostgresTrigger(f"BEFORE INSERT OR UPDATE ON {REPLIES} FOR EACH ROW", body)},
        needs={
            REPLIES: ("published_at", "published_question", "published_text"),
            PUBLICATIONS: ("reply_id", "question", "text"),
            REVIEWS: ("publication_id", "is_ok"),
            RETRACTIONS: ("publication_id",),
        },
    )


register(  # the protection of the sender, and answers published after another person looked
    append_only("feedback_target", unique=("id",)),
    append_only("feedback_transfer", unique=("id",)),
    append_only(REQUESTS, unique=("id",)),
    append_only(GRANTS, unique=("id", "request_id")),
    append_only("feedback_identityopening", unique=("id", "request_id")),
    append_only("feedback_identitydestruction", unique=("id", "identity_id")),
    append_only(PUBLICATIONS),
    append_only(REVIEWS, unique=("id", "publication_id")),
    append_only(RETRACTIONS, unique=("id", "publication_id")),
    immutable_columns(DEMANDS, ("kind",), unique=("id", "rectification_id")),
    refuse_insert(
        GRANTS,
        BY_WHO_ASKED,
        BY_WHO_ASKED,
        "Whoever asks to open an identity never grants it.",
        name="four_eyes",
        reads={REQUESTS: ("id", "asked_by_id")},
    ),
    refuse_insert(
        "feedback_identityopening",
        NOT_GRANTED,
        NOT_GRANTED,
        "An identity is opened only after a second person granted it.",
        name="granted",
        reads={GRANTS: ("request_id", "is_granted")},
    ),
    refuse_insert(
        REVIEWS,
        BY_WHO_PROPOSED_IT,
        BY_WHO_PROPOSED_IT,
        "Whoever proposed an answer for publication never reviews it.",
        name="four_eyes",
        reads={PUBLICATIONS: ("id", "proposed_by_id")},
    ),
    published_as_reviewed(),
)

register(  # what the board shows of answers
    touches("feedback_reply", f"'{ANSWERS}'", when="r.published_at IS NOT NULL"),
    touches(CASES, f"'{ANSWERS}'", events=("UPDATE",), when=ANSWERED, reads=("feedback_reply",)),
    touches(VERIFICATIONS, f"'{ANSWERS}'"),
    touches(DEMANDS, f"'{ANSWERS}'"),
    touches(  # an answer names the item that tells how it was put right, as long as readers see that item
        RELEASES,
        f"'{ANSWERS}'",
        when=f"EXISTS (SELECT 1 FROM {DEMANDS} d WHERE d.item_id = r.item_id)",
        reads=(DEMANDS,),
        name="disclosures_release_put_right",
    ),
)
