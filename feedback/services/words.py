"""Words that a verb cannot do without."""

from disclosures.refusal import Refused
from disclosures.richtext import clean_text


def needed(text: str, field: str, sentence: str) -> str:
    """The cleaned text; refused with `sentence` beside `field` when nothing is left."""
    words = clean_text(text)
    if not words:
        raise Refused(sentence, code=field, problems={field: [sentence]})
    return words
