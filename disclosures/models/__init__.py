"""Tables of the disclosures room, one noun a file."""

from disclosures.models.autosaves import AutosavedDraft
from disclosures.models.catalogue import CatalogueEntry, CatalogueEntryVersion, Category, FormOfDisclosure
from disclosures.models.content_versions import ContentVersion
from disclosures.models.files import Attachment, RevisionAttachment, StoredFile, Thumbnail
from disclosures.models.findings import RevisionFinding, ScreeningOverride
from disclosures.models.items import Audience, Item, ItemContributor, Matter, Phase
from disclosures.models.pins import Pin
from disclosures.models.readings import PassageRemark, RevisionReading
from disclosures.models.reads import ReadsByDay
from disclosures.models.redactions import RedactedFile, RedactedRevision, Redaction
from disclosures.models.releases import Release
from disclosures.models.remarks import ItemRemark
from disclosures.models.reviewers import Recusal, SensitivityChange
from disclosures.models.reviews import Aspect, Decision, Evidence, Outcome, ReviewStep, StepReminder, Verdict
from disclosures.models.revisions import Revision, RevisionContributor
from disclosures.models.routes import Route, Rule, Stage
from disclosures.models.screening import FileText, ScreeningWord
from disclosures.models.search import SearchDocument

__all__ = [
    "Aspect",
    "Attachment",
    "Audience",
    "AutosavedDraft",
    "CatalogueEntry",
    "CatalogueEntryVersion",
    "Category",
    "ContentVersion",
    "Decision",
    "Evidence",
    "FileText",
    "FormOfDisclosure",
    "Item",
    "ItemContributor",
    "ItemRemark",
    "Matter",
    "Outcome",
    "PassageRemark",
    "Phase",
    "Pin",
    "ReadsByDay",
    "Recusal",
    "RedactedFile",
    "RedactedRevision",
    "Redaction",
    "Release",
    "ReviewStep",
    "Revision",
    "RevisionAttachment",
    "RevisionContributor",
    "RevisionFinding",
    "RevisionReading",
    "Route",
    "Rule",
    "ScreeningOverride",
    "ScreeningWord",
    "SearchDocument",
    "SensitivityChange",
    "Stage",
    "StepReminder",
    "StoredFile",
    "Thumbnail",
    "Verdict",
]
