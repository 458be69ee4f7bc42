"""What every page must keep: one content policy, tokens only, light files, Swahili words."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from wekeza.runtime import messages

ROOT = Path(settings.BASE_DIR)
CSS = (ROOT / "static/wekeza/wekeza.css").read_text()
STAFF_CSS = (ROOT / "static/wekeza/staff.css").read_text()
STAFF_PAGES = {path.parent for path in (ROOT / "branch").glob("*/*views.py")} - {
    ROOT / "branch" / room for room in ("online", "business", "demo", "verify", "phone_copy")
}
STAFF_PAGES.add(ROOT / "branch" / "admin")  # Records: Django's admin in the workbench's frame.
JS = (ROOT / "static/wekeza/app.js").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "inline style": r"\sstyle=",
    "inline handler": r"\son[a-z]+=",
    "style element": r"<style",
    "script body": r"<script(?![^>]*\ssrc=)",
    "hx-on": r"hx-on",
    "javascript address": r"javascript:",
    "evaluated values": r"hx-vals=.js:",
    "number box": r"type=.number",
    "image in an address": r"data:image",
    "foreign host": r"(src|href)=.https?://",
}


def weight(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


class TestContentPolicy:
    @pytest.mark.parametrize("what", FORBIDDEN)
    def test_no_template_needs_more_than_self(self, what):
        found = [
            path.relative_to(ROOT).as_posix()
            for path in TEMPLATES
            if re.search(FORBIDDEN[what], path.read_text())
        ]

        assert found == []

    def test_css_asks_for_nothing_from_elsewhere(self):
        assert re.findall(r"url\(([^)]*)\)", CSS) == ["weave.svg"]
        assert "@import" not in CSS
        assert "@font-face" not in CSS


class TestWeight:
    def test_css_is_at_most_12_kb_and_script_6_kb(self):
        assert weight(CSS) <= 12 * 1024
        assert weight(STAFF_CSS) <= 8 * 1024
        assert weight(JS) <= 6 * 1024

    def test_all_scripts_of_a_page_are_at_most_26_kb(self):
        import django_htmx

        htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"

        assert weight(JS) + weight(htmx.read_text()) <= 26 * 1024


def tokens(selector: str) -> dict[str, str]:
    """The custom properties set in the block of a selector, by name."""
    block = CSS[CSS.index(selector) + len(selector) :]
    block = block[block.index("{") + 1 :]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block[: block.index("}")]))


LIGHT = tokens(":root")
BY_PHONE = tokens(':root:not([data-theme="light"])')
BY_PERSON = tokens(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [low / 12.92 if low <= 0.03928 else ((low + 0.055) / 1.055) ** 2.4 for low in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, by the formula of WCAG 2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    ("ink", "bg"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink-2", "bg"),
    ("ink-2", "surface"),
    ("ink-2", "sunken"),
    ("ink-2", "neu-bg"),
    ("link", "bg"),
    ("link", "surface"),
    ("link", "sunken"),
    ("link", "tint"),
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("brand", "tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("pos", "surface"),
    ("pos", "pos-bg"),
    ("err", "surface"),
    ("err", "bg"),
    ("err", "err-bg"),
    ("warn", "warn-bg"),
    ("info", "info-bg"),
    ("ink", "warn-bg"),
    ("ink", "err-bg"),
    ("ink", "info-bg"),
    ("ink", "tint"),
    ("hero-2", "hero"),
    ("on-hero", "hero"),
    ("on-hero", "hero-chip"),
]
MARK_PAIRS = [("control", "surface"), ("control", "bg"), ("control", "sunken"), ("c1", "surface")]


class TestTokens:
    def test_the_two_dark_blocks_are_equal(self):
        assert BY_PHONE == BY_PERSON
        assert len(BY_PHONE) > 20

    def test_colours_stand_in_the_tokens_and_print_layers_only(self):
        styled = CSS[CSS.index("@layer base {") : CSS.index("@layer print {")]

        assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", styled) == []

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_every_text_pair_has_contrast_of_4_5(self, theme):
        colours = LIGHT | (BY_PERSON if theme == "dark" else {})

        low = {
            (text, ground): round(contrast(colours[f"--{text}"], colours[f"--{ground}"]), 2)
            for text, ground in TEXT_PAIRS
        }

        assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_borders_of_controls_have_contrast_of_3(self, theme):
        colours = LIGHT | (BY_PERSON if theme == "dark" else {})

        for mark, ground in MARK_PAIRS:
            assert contrast(colours[f"--{mark}"], colours[f"--{ground}"]) >= 3, (mark, ground)

    def test_every_token_that_is_used_exists(self):
        used = set(re.findall(r"var\((--[\w-]+)", CSS))
        local = {"--fade-a", "--fade-b"}

        assert used - set(LIGHT) - local == set()

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_pages_use_classes_that_exist(self, path):
        is_staffs = ROOT / "branch" / path.parent.name in STAFF_PAGES
        styled = set(re.findall(r"\.(wk-[\w-]+)", CSS + STAFF_CSS * is_staffs))
        used = set(re.findall(r"(?<![\w-])(wk-[a-z][\w-]*)(?![\w{%-])", path.read_text()))

        # These carry meaning for scripts or stand for "as it is".
        assert used - styled - {"wk-in", "wk-seen"} == set()


class TestIcons:
    def test_every_icon_that_is_drawn_is_in_the_sprite(self):
        sprite = (ROOT / "static/wekeza/icons.svg").read_text()
        drawn = set()
        for path in TEMPLATES:
            drawn |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))

        assert {name for name in drawn if f'id="{name}"' not in sprite} == set()


GLOSSARY = {
    "Home": "Nyumbani",
    "Move": "Tuma",
    "Save": "Weka akiba",
    "Balance": "Salio",
    "Available balance": "Salio unaloweza kutumia",
    "Pending": "Inasubiri",
    "Account": "Akaunti",
    "Fee": "Ada",
    "Top up": "Weka pesa",
    "Send money": "Tuma pesa",
    "Recipient": "Mpokeaji",
    "Amount": "Kiasi",
    "Reason": "Sababu",
    "Reference": "Nambari ya kumbukumbu",
    "Receipt": "Risiti",
    "Statement": "Taarifa ya akaunti",
    "Limit": "Kikomo",
    "Code": "Msimbo",
    "Continue": "Endelea",
    "Check": "Kagua",
    "Confirm": "Thibitisha",
    "Send": "Tuma",
    "Cancel": "Ghairi",
    "Change": "Badilisha",
    "Back": "Rudi",
    "Log in": "Ingia",
    "Log out": "Toka",
    "Register": "Jisajili",
    "Password": "Nenosiri",
    "ID number": "Nambari ya kitambulisho",
    "Phone": "Nambari ya simu",
    "Approve": "Idhinisha",
    "Reject": "Kataa",
    "Waiting for approval": "Inasubiri idhini",
    "Upload": "Pakia",
    "Download": "Pakua",
    "Help": "Msaada",
    "There is a problem": "Kuna tatizo",
    "Try again": "Jaribu tena",
}


class TestSwahili:
    def test_every_word_of_the_bank_has_its_swahili(self):
        assert messages.problems(messages.gather(), messages.stored()) == []

    def test_what_pages_read_is_what_translators_wrote(self):
        assert messages.CATALOGUE.with_suffix(".mo").read_bytes() == messages.compiled()

    @pytest.mark.parametrize("word", ["Hamu", "Mizani", "Mkuu wa shule", "Mtangazaji"])
    def test_machine_mistakes_of_others_are_not_ours(self, word):
        # As a word: "hufahamu" (you do not know) is good Swahili.
        assert re.findall(rf"\b{word}\b", messages.CATALOGUE.read_text(), re.IGNORECASE) == []

    def test_words_of_the_glossary_are_used_as_agreed(self):
        kept = messages.stored()
        known = {english: kept.get(english) for english in GLOSSARY}

        assert {
            english: message.string
            for english, message in known.items()
            if message and message.string != GLOSSARY[english]
        } == {}
