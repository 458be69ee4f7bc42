"""What the pages of records need of templates (templates/admin; a builtin library)."""

import re
from collections.abc import Iterator

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

INITIALS = re.compile(r"\b(api|id|ip|kyc)\b", re.IGNORECASE)
NOTHING = ">–</td>"


@register.filter
def titled(name) -> str:
    """This will write the name of a table or a column as a title: KYC terms, IP address."""
    text = INITIALS.sub(lambda found: found[0].upper(), str(name))
    return text[:1].upper() + text[1:]


@register.filter
def sorts(rows) -> list[dict]:
    """This will give the columns by which a list can be sorted."""
    return [header for header in result_headers(rows) if header["sortable"]]


@register.filter
def labelled(results, headers) -> Iterator[list[SafeString]]:
    """
    This will give the rows of a list with, in each cell, its column's name: where rows are cards
    it stands beside the value, and a value that there is none of is left out.
    """
    names = [_name(header) for header in headers]
    for row in results:
        yield [_labelled(cell, name) for cell, name in zip(row, names, strict=True)]


def _labelled(cell: SafeString, name: str) -> SafeString:
    mark = " data-none" if cell.endswith(NOTHING) else ""
    start = format_html('<td data-label="{}"', name) + mark
    return mark_safe(cell.replace("<td", start, 1))  # noqa: S308 - all parts are safe already.


def _name(header: dict) -> str:
    return "Choose it" if "action-checkbox" in header["class_attrib"] else titled(header["text"])
