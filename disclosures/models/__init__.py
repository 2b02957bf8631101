"""Tables of the disclosures room, one noun a file."""

from disclosures.models.catalogue import CatalogueEntry, CatalogueEntryVersion, Category, FormOfDisclosure
from disclosures.models.files import Attachment, RevisionAttachment, StoredFile
from disclosures.models.items import Audience, Item, ItemContributor, Matter, Phase
from disclosures.models.releases import Release
from disclosures.models.reviewers import Recusal, SensitivityChange
from disclosures.models.reviews import Aspect, Decision, Evidence, Outcome, ReviewStep, Verdict
from disclosures.models.revisions import Revision, RevisionContributor
from disclosures.models.routes import Route, Rule, Stage

__all__ = [
    "Aspect",
    "Attachment",
    "Audience",
    "CatalogueEntry",
    "CatalogueEntryVersion",
    "Category",
    "Decision",
    "Evidence",
    "FormOfDisclosure",
    "Item",
    "ItemContributor",
    "Matter",
    "Outcome",
    "Phase",
    "Recusal",
    "Release",
    "ReviewStep",
    "Revision",
    "RevisionAttachment",
    "RevisionContributor",
    "Route",
    "Rule",
    "SensitivityChange",
    "Stage",
    "StoredFile",
    "Verdict",
]
