"""Counters of what comes through the public doors; they name no address and belong to no case."""

from django.db import models


class RateCount(models.Model):
    """How much came through one door within one span of time.

    `key` is a keyed hash of an address that changes every day, or empty for all together. `since` and `until` are
    seconds of the epoch, so that one statement adds on both databases. Rows go when their time is over.
    """

    door = models.CharField(max_length=20)
    key = models.CharField(max_length=64, blank=True)
    since = models.BigIntegerField()
    until = models.BigIntegerField(db_index=True)
    count = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["door", "key", "since"], name="rate_count_once")]

    def __str__(self) -> str:
        return f"{self.door} {self.since}"
