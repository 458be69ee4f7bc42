"""
Rates, amounts finer than a cent, and the code of a receipt, as template tags (a builtin library, as
ui_tags).
"""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from wekeza.kit import qr, vouching, words
from wekeza.kit.ui_tags import hides_balances

register = template.Library()
MILLIONTH = Decimal("0.000001")


register.filter("percent", words.percent)


@register.simple_tag(takes_context=True)
def fine(context, value, currency="KES"):
    """An amount to the millionth, for what was earned and not rounded yet; bullets when hidden."""
    unit = format_html(
        '<abbr class="cur" title="{}">{}</abbr>', words.CURRENCY_NAMES[currency], currency
    )
    if hides_balances(context):
        spoken = format_html('<span class="vh">{}</span>', _("Hidden amount"))
        dots = format_html('<span class="dots" aria-hidden="true">{}</span>', words.BULLETS)
        return format_html('<span class="wk-money">{}{}{}</span>', unit, spoken, dots)
    amount = Decimal(value).quantize(MILLIONTH)
    whole, _point, rest = f"{abs(amount):,}".partition(".")
    lead = words.MINUS if amount < 0 else ""
    return format_html(
        '<span class="wk-money">{}{}{}<span class="min">.{}</span></span>', unit, lead, whole, rest
    )


@register.inclusion_tag("ui/vouch.html")
def vouch(receipt_no):
    """The code and the square by which anybody verifies a receipt."""
    code = vouching.receipt_code(receipt_no)
    address = vouching.address_of(code)
    return {"code": code, "address": address}


@register.simple_tag
def qr_code(text):
    """A text as a square that cameras read; the drawing has squares only, nothing of the text."""
    return mark_safe(qr.svg(text))  # noqa: S308
