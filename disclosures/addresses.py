"""The address of an item, which lists write by the dozen: worked out once in a process for each language and prefix."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

NUMBER = "0"  # stands for any number: signs of the alphabet that needs no quoting (`converters.ItemNumber`)


def item_address(number: str | None) -> str:
    """Where the item with this index number stands, in the language of the page; nowhere before it has one."""
    if not number:
        return ""
    before, after = _around_the_number(get_language(), get_script_prefix())
    return f"{before}{number}{after}"


@lru_cache(maxsize=16)
def _around_the_number(_language: str | None, _prefix: str) -> tuple[str, str]:
    before, _number, after = reverse("disclosures:item", args=[NUMBER]).rpartition(NUMBER)
    return before, after
