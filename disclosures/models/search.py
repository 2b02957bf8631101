"""What the search reads: one document a release, derived, rebuilt at any time by `manage.py reindex`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.releases import Release


class SearchDocument(models.Model):
    """The normalised text of a release; whether a reader may find it is asked of the release alone.

    `sort_key` is the place in the order of the search (see `search.documents`) and the row's name in the index of
    characters, which is no model because each database has its own kind (`search.index`).
    """

    release = models.OneToOneField(Release, models.CASCADE, primary_key=True, related_name="document")
    sort_key = models.BigIntegerField(unique=True)
    title = models.TextField()
    body = models.TextField()  # title, numbers, unit, text, names and texts of published attachments, a line each
    initials = models.TextField(blank=True)  # of the title in pinyin
    is_public = models.BooleanField(default=False)  # was, is or will be open to the public
    tokenizer_version = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("document of the search")
        verbose_name_plural = _("documents of the search")
        # All initials in the order of the search, without the texts beside them: what common letters are looked up in.
        indexes = [models.Index(fields=["-sort_key", "initials", "is_public"], name="search_initials_in_order")]

    def __str__(self) -> str:
        return self.title
