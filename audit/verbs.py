"""What each verb of the trail means in words a clerk reads; every app adds its own."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {}
KINDS: dict[str, str | Promise] = {}


def describe(verbs: Mapping[str, str | Promise]) -> None:
    """Add lazily translated sentences: `describe({"item.submitted": _("submitted the item for review")})`.

    The sentence is read after the actor's name and office. Raises ValueError when a verb is given a second meaning.
    """
    for verb, sentence in verbs.items():
        known = VERBS.setdefault(verb, sentence)
        if known is not sentence and str(known) != str(sentence):
            raise ValueError(f"The verb {verb} already has another meaning.")


def sentence(verb: str) -> str:
    """Return the sentence of a verb in the reader's language, or the verb itself when nobody described it."""
    return str(VERBS.get(verb, verb))


def name_kinds(kinds: Mapping[str, str | Promise]) -> None:
    """Add names of the kinds of subject that an app writes about: `name_kinds({"item": _("disclosure item")})`."""
    KINDS.update(kinds)


def kind(name: str) -> str:
    """Return the name of a kind of subject in the reader's language, or the kind itself when nobody named it."""
    return str(KINDS.get(name, name))


name_kinds({"database": _("database")})
describe({"audit.triggers_installed": _("created missing database triggers again")})
