"""What this room hears of others: a change of people or offices may leave a review with nobody to decide it (S36)."""

from datetime import datetime

from django.utils.translation import ngettext

from disclosures.services.reminding import warn_of_stuck
from organizations.watchers import watch_offices


@watch_offices
def after_change(at: datetime) -> str:
    """Tell the office, and whoever changed it by number alone: keepers of accounts do not read what is under review."""
    count = len(warn_of_stuck(at))
    if not count:
        return ""
    said = ngettext(
        "Since this change, %(count)d step of a review can be decided by nobody. The office of the leading group has"
        " been told; appoint somebody or enter a substitute.",
        "Since this change, %(count)d steps of reviews can be decided by nobody. The office of the leading group has"
        " been told; appoint somebody or enter a substitute.",
        count,
    )
    return said % {"count": count}
