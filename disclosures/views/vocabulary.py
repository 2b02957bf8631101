"""The words of the filters, shared by the pages that list until something changes."""

from disclosures.listing import Vocabulary
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, visible


def words_of_filters(request: BoardRequest) -> Vocabulary:
    """Categories, units and forms, with the forms that occur in what this reader may read."""
    return remembered(request, "vocabulary", lambda: Vocabulary.load(visible(request)))
