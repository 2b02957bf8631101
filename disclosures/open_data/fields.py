"""The fields of an item as data: name, label, meaning and JSON type; the schema and its table are made of them."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from disclosures.models import Audience, Phase

TEXT: dict[str, Any] = {"type": "string"}
FLAG: dict[str, Any] = {"type": "boolean"}
INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
MAYBE_INSTANT: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
MAYBE_DAY: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
ADDRESS: dict[str, Any] = {"type": "string", "format": "uri"}
DIGEST: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
FILE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "label": TEXT,
        "filename": TEXT,
        "media_type": TEXT,
        "size": {"type": "integer", "minimum": 0},
        "sha256": DIGEST,
        "url": ADDRESS,
    },
    "required": ["label", "filename", "media_type", "size", "sha256", "url"],
    "additionalProperties": False,
}
FILES: dict[str, Any] = {"type": "array", "items": FILE}
CODES: dict[str, Any] = {"type": "array", "items": TEXT}
SCOPE: dict[str, Any] = {"type": "string", "enum": list(Audience.values)}
PHASE: dict[str, Any] = {"type": "string", "enum": list(Phase.values)}


@dataclass(frozen=True)
class Field:
    """One field; `in_csv` tells whether the table has it too: whole texts do not fit into the cells of a sheet."""

    name: str
    label: str | Promise
    meaning: str | Promise
    shape: dict[str, Any]
    in_csv: bool = True

    @property
    def type_words(self) -> str:
        """The type as the table of the page says it."""
        said = self.shape["type"]
        plain = " | ".join(said) if isinstance(said, list) else str(said)
        return f"{plain} ({self.shape['format']})" if "format" in self.shape else plain


FIELDS: tuple[Field, ...] = (
    Field("number", _("Index number"), _("Lasting and unique; part of the address."), TEXT),
    Field("title", _("Title"), _("As disclosed."), TEXT),
    Field("unit", _("Unit code"), _("Code of the disclosing unit."), TEXT),
    Field("unit_name", _("Disclosing unit"), _("Its name today."), TEXT),
    Field("category", _("Category code"), _("C1 to C8, as in the catalogue."), TEXT),
    Field("category_name", _("Category"), _("One of the eight categories."), TEXT),
    Field("entry", _("Catalogue entry"), _("Code of the duty; empty where there is none."), TEXT),
    Field("document_number", _("Document number"), _("As printed; empty where there is none."), TEXT),
    Field("basis", _("Basis"), _("On what rule or decision it rests."), TEXT),
    Field("issued_on", _("Date of issue"), _("The day the document bears."), MAYBE_DAY),
    Field("internal_since", _("Opened inside the Party"), _("First opening inside the Party."), INSTANT),
    Field("public_since", _("Date disclosed"), _("First opening to the public, by the server's clock."), MAYBE_INSTANT),
    Field("text_since", _("Present text since"), _("When the present text took its place."), INSTANT),
    Field("scope", _("Scope"), _("To whom it is disclosed."), SCOPE),
    Field("forms", _("Forms"), _("Codes of the forms of disclosure."), CODES),
    Field("matter", _("Matter"), _("Number of the matter it belongs to; empty for a single item."), TEXT),
    Field("phase", _("Phase"), _("Before, during or after the matter."), PHASE),
    Field("is_focus", _("Focus"), _("Pinned because it touches readers most."), FLAG),
    Field("is_backfilled", _("Entered afterwards"), _("Issued before this portal existed."), FLAG),
    Field("change_note", _("Change note"), _("What a correction changed."), TEXT),
    Field("attachments", _("Attachments"), _("Published files; the table holds their number."), FILES),
    Field("text", _("Whole text"), _("The whole text without markup."), TEXT, in_csv=False),
    Field("digest", _("Digest"), _("SHA-256 over every reviewed field."), DIGEST),
    Field("url", _("Address"), _("The page of the item."), ADDRESS),
)

OPENED: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "number": {"type": "integer", "minimum": 1},
            "internal_from": MAYBE_INSTANT,
            "public_from": MAYBE_INSTANT,
            "public_until": MAYBE_INSTANT,
        },
        "required": ["number", "internal_from", "public_from", "public_until"],
        "additionalProperties": False,
    },
}
OF_ONE: tuple[Field, ...] = (  # what the data of a single item adds
    Field("id", _("Lasting id"), _("A URN that stays whatever becomes of the address; feeds name it too."), TEXT),
    Field("html", _("Text with markup"), _("The whole text as HTML."), TEXT),
    Field("releases", _("Texts"), _("Every text that was opened, from the first, with its instants."), OPENED),
    Field("schema", _("Schema"), _("The address of the schema of this data."), ADDRESS),
)


def schema(address: str, fields: tuple[Field, ...] = FIELDS) -> dict[str, Any]:
    """JSON Schema (2020-12) of one line of the JSON Lines files; `address` is its own.

    With `FIELDS + OF_ONE` that of the data of a single item.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": str(_("Disclosed item")),
        "type": "object",
        "properties": {
            field.name: {"title": str(field.label), "description": str(field.meaning), **field.shape}
            for field in fields
        },
        "required": [field.name for field in fields],
        "additionalProperties": False,
    }
