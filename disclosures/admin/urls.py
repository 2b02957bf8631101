"""Addresses of the review queue, all behind the admin's door."""

from django.urls import path

from disclosures.admin import pins, preview, review, reviewers, sheet
from disclosures.admin.review import staff

app_name = "review"
urlpatterns = [
    path("", staff(review.queue), name="queue"),
    path("pins/", staff(pins.pins), name="pins"),
    path("<uuid:uid>/", staff(review.revision), name="revision"),
    path("<uuid:uid>/preview/", staff(preview.preview_revision), name="preview"),
    path("<uuid:uid>/decide/", staff(review.decide), name="decide"),
    path("<uuid:uid>/record/", staff(review.record), name="record"),
    path("<uuid:uid>/raise/", staff(review.raise_on), name="raise"),
    path("<uuid:uid>/sheet/", staff(sheet.sheet), name="sheet"),
    path("<uuid:uid>/sheet.pdf", staff(sheet.sheet_pdf), name="sheet_pdf"),
    path("<uuid:uid>/lower/", staff(reviewers.lower), name="lower"),
    path("<uuid:uid>/confirm-lower/", staff(reviewers.confirm_lower), name="confirm_lower"),
    path("<uuid:uid>/recuse/", staff(reviewers.recuse), name="recuse"),
    path("<uuid:uid>/files/<uuid:file_uid>/", staff(review.file), name="file"),
    path("<uuid:uid>/evidence/<uuid:decision_uid>/", staff(review.evidence), name="evidence"),
]
