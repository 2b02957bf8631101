"""Marks Chinese text on pages in another language, so that it is read aloud as Chinese (WCAG 3.1.2).

Built in for every template; both filters leave pages in Chinese alone.
"""

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
CHINESE = "zh-Hans"
SIGN = r"\u3001-\u303f\u3400-\u9fff\uff01-\uffef"
RUN = re.compile(rf"([\d“‘]*[{SIGN}](?:[^A-Za-z]*[{SIGN}”’])?)")
HAN = re.compile(r"[\u3400-\u9fff]")


@register.filter
def own_language(value: Any) -> Any:
    """The value with each Chinese run in a span of its language."""
    if not _is_foreign(value):
        return value
    if isinstance(value, SafeString):
        return format_html('<span lang="{}">{}</span>', CHINESE, value)
    return format_html_join("", "{}", ((_marked(part),) for part in RUN.split(str(value)) if part))


@register.filter
def lang_mark(value: Any) -> str:
    """The attribute for an element that holds nothing but this text: ` lang="zh-Hans"`, or nothing."""
    return mark_safe(f' lang="{CHINESE}"') if _is_foreign(value) else ""


def _is_foreign(value: Any) -> bool:
    return get_language() == "en" and HAN.search(str(value)) is not None


def _marked(part: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', CHINESE, part) if HAN.search(part) else conditional_escape(part)
