"""Names that rows keep in both languages of the portal."""

from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """The name in the language of the page; the Chinese one where there is no other."""
    return english if english and get_language() == "en" else chinese
