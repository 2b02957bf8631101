"""What the sender wishes for the answer, asked in one place."""

from feedback.models import Case


def may_be_published(case: Case) -> bool:
    """Whether the sender's wish allows an answer to be published; no wish allows it."""
    wish = getattr(case, "wish", None)
    return wish is None or bool(wish.may_publish)


def is_answered_in_public(case: Case) -> bool:
    """Whether the case can only be answered where everybody reads it: no name, no contact, and nothing against it."""
    return not case.is_named and may_be_published(case)
