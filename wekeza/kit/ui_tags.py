"""
The parts every page is built from, as template tags (a builtin library: no `{% load %}`).

    {% money x %}  {% money x sign="in" %}  {% money_text x as words %}      figures
    {% field form.phone %}  {% errors form %}  {% filters form %}            forms
    {% icon "send" %}  {% pill _("Paid") "ok" %}  {% status "PAID" %}         marks
    {% stepper _("Details") _("Check and authorise") _("Receipt") current=2 %}
    {% note "warn" title=_("…") text=_("…") %}   {% notice "warn" _("…") %}…{% endnotice %}
    {% empty "bill" title=_("…") text=_("…") url=… action=_("…") %}
    {% limit_meter label=_("Daily limit") used=… cap=… %}  {% back url _("Back") %}  {% tabs %}
    {% tx_rows rows %}  {% pager older=url count=text %}                     lists
    |day |moment |clock |phone |masked_phone |account_number |masked_account |initials   words

`/demo/kit/` in demo mode shows each of them.
"""

import json
from itertools import groupby
from zlib import crc32

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from wekeza.kit import words
from wekeza.kit.form_parts import field_parts
from wekeza.kit.shell import (
    HELP_PHONE,
    HELP_PHONE_LINK,
    LOGIN_PAGES,
    LONGEST_HERO,
    MOST_STEP_LABELS,
    NOTE_ICONS,
    STATUSES,
    TABS,
    boxes_in_sight,
)

register = template.Library()

# Figures


def hides_balances(context) -> bool:
    """This will say whether the person asked for bullets instead of figures."""
    request = context.get("request")
    return bool(getattr(getattr(request, "user", None), "hides_balances", False))


@register.simple_tag(takes_context=True)
def money(context, value, sign="", size="", currency=True, cents=True, always=False):
    """
    Write an amount: currency small, digits, cents smaller; it never wraps.

    `sign` "in" or "out" adds + or − and the words; "auto" takes it from the amount itself. In
    private mode the HTML holds six bullets and no figure, unless `always` (the sums that a person
    is about to sign, and receipts). `size`: "hero", "big". `cents=False` only in chips and charts.
    """
    if value is None:
        return ""
    parts = words.figure(value)
    if not float_free(value):
        sign = ""  # Nothing went either way.
    elif sign == "auto":
        sign = "out" if parts.is_negative else "in"
    unit = ""
    if currency:
        name = words.CURRENCY_NAMES.get(parts.currency, parts.currency)
        unit = format_html('<abbr class="cur" title="{}">{}</abbr>', name, parts.currency)
    if hides_balances(context) and not always:
        spoken = format_html('<span class="vh">{}</span>', _("Hidden amount"))
        dots = format_html('<span class="dots" aria-hidden="true">{}</span>', words.BULLETS)
        look = f"wk-money wk-money--{size}" if size else "wk-money"
        return format_html('<span class="{}">{}{}{}</span>', look, unit, spoken, dots)

    tail = format_html('<span class="min">{}</span>', parts.cents) if cents and parts.cents else ""
    lead = ""
    if sign == "in":
        lead = format_html('<span class="vh">{} </span>+', _("Money in"))
    elif sign == "out":
        lead = format_html('<span class="vh">{} </span>{}', _("Money out"), words.MINUS)
    elif parts.is_negative:
        lead = words.MINUS
    is_long = size == "hero" and len(parts.whole) > LONGEST_HERO
    looks = ["wk-money", sign, size and f"wk-money--{size}", is_long and "wk-money--long"]
    looks = " ".join(filter(None, looks))
    return format_html('<span class="{}">{}{}{}{}</span>', looks, unit, lead, parts.whole, tail)


@register.simple_tag(takes_context=True)
def money_text(context, value, always=False):
    """Write an amount as plain text (KES 48,250.00), for sentences; bullets in private mode."""
    if hides_balances(context) and not always:
        return f"{words.figure(value).currency}\u00a0{words.BULLETS}"
    return words.plain(value)


@register.inclusion_tag("ui/limit_meter.html", takes_context=True)
def limit_meter(context, label, used, cap, pill="", text="", url="", action="", period=""):
    """A limit as a bar and as both numbers; `used` and `cap` are Money, `period` says how often."""
    cap_parts = words.figure(cap)
    spent, most = float_free(used), float_free(cap)
    return {
        "label": label,
        "slug": f"limit-{crc32(str(label).encode())}",
        "used": used,
        "cap": cap,
        "used_words": money_text(context, used),
        "cap_words": f"{cap_parts.currency}\u00a0{cap_parts.whole}",
        "value": f"{min(spent, most):f}",
        "most": f"{most:f}",
        "percent": int(spent * 100 / most) if most else 0,
        "is_hidden": hides_balances(context),
        "pill": pill,
        "text": text,
        "url": url,
        "action": action,
        "period": period,
    }


def float_free(value):
    """This will give the bare Decimal of a Money, a pair or a Decimal."""
    return value.amount if hasattr(value, "amount") else value[0] if type(value) is tuple else value


# Marks


@register.simple_tag
def icon(name, label="", size=""):
    """Draw an icon of the sprite; without a label it is decoration and hidden from readers."""
    look = f"wk-ic wk-ic--{size}" if size else "wk-ic"
    place = f"{static('wekeza/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', look, label, place
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', look, place)


_draw = icon  # Where a tag has an argument of that name.


@register.simple_tag
def pill(label, kind="", icon=""):
    """A state in one word; `kind`: ok, info, warn, err or nothing. The word always says it."""
    look = f"wk-pill wk-pill--{kind}" if kind else "wk-pill"
    mark = _draw(icon) if icon else ""
    return format_html('<span class="{}">{}{}</span>', look, mark, label)


@register.simple_tag
def status(code):
    """The pill of a state by its code, in the one vocabulary of STATUSES."""
    label, kind, mark = STATUSES[str(code)]
    return pill(label, kind, mark)


@register.inclusion_tag("ui/stepper.html")
def stepper(*labels, current=1):
    """The steps of a flow; the person sees where they are and cannot click ahead."""
    steps = [
        {"label": label, "is_done": place < current, "is_current": place == current}
        for place, label in enumerate(labels, start=1)
    ]
    return {"steps": steps, "is_many": len(steps) > MOST_STEP_LABELS}


@register.inclusion_tag("ui/empty.html")
def empty(icon="doc", title="", text="", url="", action=""):
    """An empty list: what belongs here, why nothing is, one thing to do."""
    return {"icon": icon, "title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("ui/note.html")
def note(kind="info", title="", text="", icon="", level=0):
    """A short note of plain text; `level` 2 or 3 makes its title a heading."""
    return {
        "kind": kind,
        "icon": icon or NOTE_ICONS[kind],
        "title": title,
        "text": text,
        "level": level,
    }


@register.simple_block_tag
def notice(content, kind="info", title="", icon=""):
    """A note whose body is HTML of the page: links, lists, amounts."""
    head = format_html("<p><strong>{}</strong></p>", title) if title else ""
    mark = _draw(icon or NOTE_ICONS[kind])
    return format_html(
        '<div class="wk-note wk-note--{}">{}{}<div class="wk-note__body">{}</div></div>',
        kind,
        mark,
        head,
        content,
    )


# Forms


@register.inclusion_tag("ui/field.html")
def field(
    bound,
    kind="",
    label="",
    hint="",
    prefix="KES",
    autocomplete="",
    inputmode="",
    is_question=False,
):
    """
    One field: label, hint, error above the box, and the box, joined by aria-describedby.

    `kind` is read from the widget; say "amount", "code", "pin", "phone" or "digits" for plain text
    boxes of that use. `hint` defaults to the field's help text. There is no placeholder. A box that
    may stay empty says "(optional)", unless it is a question (`is_question`), as a search is.
    """
    return field_parts(
        bound,
        kind=kind,
        label=label,
        hint=hint,
        prefix=prefix,
        autocomplete=autocomplete,
        inputmode=inputmode,
        is_question=is_question,
    )


@register.inclusion_tag("ui/errors.html")
def errors(form):
    """The summary above a form that was refused: each reason links to its box."""
    problems = []
    if form is not None and form.is_bound:
        for name, messages in form.errors.items():
            target = form[name].id_for_label if name in form.fields else ""
            if name in form.fields and form[name].field.widget.use_fieldset:
                target = f"{form[name].auto_id}_0"
            problems += [{"target": target, "message": message} for message in messages]
    return {"problems": problems}


@register.inclusion_tag("ui/filters.html")
def filters(form, clear="", action="", is_filtered=False):
    """
    A bar of GET filters, kept in the address so that it can be shared and bookmarked.

    More than three boxes would push the list off a phone: then the first one stays in sight,
    or all up to a box for words; the others fold away, open while one filters or is refused.
    """
    boxes = list(form.visible_fields())
    seen = boxes_in_sight(boxes)
    return {
        "form": form,
        "first": boxes[:seen],
        "others": boxes[seen:],
        "is_open": any(box.errors or box.value() for box in boxes[seen:]),
        "clear": clear,
        "action": action,
        "is_filtered": is_filtered,
    }


# Lists


@register.inclusion_tag("ui/tx_rows.html", takes_context=True)
def tx_rows(context, rows, level=3, currency=""):
    """Transactions under day headings; each row (wekeza.kit.rows.Row) is one link."""
    today = timezone.localdate()
    days = [
        {"heading": words.day_heading(that_day, today=today), "rows": list(group)}
        for that_day, group in groupby(rows, key=lambda row: row.day or words.local_day(row.at))
    ]
    return {
        "days": days,
        "level": level,
        "currency": currency,
        "request": context.get("request"),
        "statuses": STATUSES,
    }


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context, older="", newer="", label="", count="", list_id="list"):
    """
    The link to older rows, last inside the element `list_id` that holds them.

    htmx puts the older rows in its place; without scripts the link opens their page.
    """
    is_piece = bool(getattr(context.get("request"), "htmx", False))
    return {
        "older": older,
        "newer": "" if is_piece else newer,
        "label": label or _("Older transactions"),
        "count": count,
        "list_id": list_id,
    }


# The shell


@register.simple_tag
def help_phone():
    """The bank's help line as a link, the same on every page."""
    return format_html('<a class="wk-nw" href="{}">{}</a>', HELP_PHONE_LINK, HELP_PHONE)


@register.simple_tag
def help_phone_link():
    """The help line as an address that a phone can dial."""
    return HELP_PHONE_LINK


@register.simple_tag(takes_context=True)
def theme(context):
    """ "light" or "dark" when the person chose one; empty follows the phone."""
    request = context.get("request")
    if request is None:
        return ""
    user = getattr(request, "user", None)
    chosen = getattr(user, "theme", "") or request.COOKIES.get("wekeza_theme", "")
    return chosen if chosen in {"light", "dark"} else ""


@register.simple_tag
def idle_seconds():
    """How long a session may rest before it ends; the page warns two minutes before."""
    return settings.CUSTOMER_IDLE_MINUTES * 60


@register.inclusion_tag("ui/tabs.html", takes_context=True)
def tabs(context):
    """The bank's tabs: a bar at the foot of a phone, a rail on a wide screen."""
    path = getattr(context.get("request"), "path", "")
    if path.startswith(LOGIN_PAGES):
        path = "/settings/"
    return {
        "tabs": [
            {
                "address": address,
                "icon": mark,
                "label": label,
                "is_here": path == address if address == "/" else path.startswith(address),
            }
            for address, mark, label in TABS
        ],
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def back(url, label):
    """The arrow before the bank's name that leads one step back."""
    return format_html(
        '<a class="wk-iconbtn" href="{}" aria-label="{}">{}</a>', url, label, icon("back")
    )


for _name in (
    "moment",
    "clock",
    "phone",
    "masked_phone",
    "account_number",
    "masked_account",
    "masked_email",
    "masked_id",
    "initials",
):
    register.filter(_name, getattr(words, _name))
register.filter("date_words", words.day)


@register.filter
def as_json(value) -> str:
    """Write a value as JSON, for an attribute that a script reads; mappings of any kind are."""
    return json.dumps(value, default=dict)


@register.filter
def day_words(value):
    """A day as people say it: Today, 21 November."""
    return words.day_heading(value, today=timezone.localdate())


@register.filter
def as_words(code):
    """This will write a code of ours for staff: customer.file_opened as Customer: file opened."""
    text = str(code).replace(".", ": ").replace("_", " ")
    return text[:1].upper() + text[1:].lower()
