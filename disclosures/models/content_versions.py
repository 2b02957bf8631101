"""Which state of what public pages show stands in the database now."""

from django.db import models


class ContentVersion(models.Model):
    """The stamp of one scope: triggers give it a new one in the transaction of every change a public page shows.

    On PostgreSQL a transaction writes in a lane of its own, so that two of them never wait for each other; the version
    of a scope is all its lanes together. Stamps are drawn by lot: a restored database never repeats one.
    """

    scope = models.CharField(max_length=40)
    lane = models.PositiveSmallIntegerField()
    stamp = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["scope", "lane"], name="content_version_once_a_lane")]

    def __str__(self) -> str:
        return f"{self.scope} {self.lane}"
