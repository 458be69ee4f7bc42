"""What people and attackers send, through the real process that cleans it."""

import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from accounts.documents import sandbox
from accounts.documents.refusals import (
    Damaged,
    Heic,
    LockedPdf,
    TooManyPages,
    TooManyPixels,
    TooSmall,
    Unreadable,
)
from accounts.documents.tests import papers
from accounts.factories import photo

BOUNDS = {"MAXIMUM_PIXELS": 25_000_000, "MINIMUM_SIDE": 400, "MAXIMUM_PAGES": 20}


def clean(content):
    return sandbox.clean(content, bounds=BOUNDS)


class TestPictures:
    def test_lose_place_camera_and_comment_and_stand_upright(self):
        sent = papers.photo_with_place()
        assert Image.open(BytesIO(sent)).size == (800, 500)
        assert b"CANARYPHONE" in sent and papers.CANARY in sent

        found = clean(sent)

        kept = Image.open(BytesIO(found.copy))
        assert kept.size == (500, 800)  # Orientation 6 is applied, not only said.
        assert not kept.getexif() and "comment" not in kept.info
        assert b"CANARY" not in found.copy + found.thumbnail
        assert (found.content_type, found.pages, found.pixels) == ("image/jpeg", 1, 400_000)
        assert max(Image.open(BytesIO(found.thumbnail)).size) == 320

    def test_lose_a_web_page_hidden_in_their_text(self):
        found = clean(papers.png_with_text())

        assert found.content_type == "image/png"
        assert b"script" not in found.copy and papers.CANARY not in found.copy

    @pytest.mark.parametrize(
        "tail",
        [
            b"%PDF-1.7 polyglot",
            b"PK\x03\x04 polyglot",
            b"<script>polyglot</script>",
            b"MZ polyglot",
        ],
        ids=["pdf", "zip", "html", "exe"],
    )
    def test_that_are_something_else_as_well_are_pictures_only(self, tail):
        found = clean(photo(shade=3) + tail)

        assert b"polyglot" not in found.copy
        assert found.copy[:3] == b"\xff\xd8\xff"

    def test_lie_on_white_where_they_are_transparent(self):
        out = BytesIO()
        Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(out, "PNG")

        kept = Image.open(BytesIO(clean(out.getvalue()).copy))

        assert kept.mode == "RGB" and kept.getpixel((200, 200)) == (255, 255, 255)

    def test_of_too_many_pixels_are_not_decoded(self):
        bomb = papers.too_wide_png()
        assert len(bomb) < 200

        with pytest.raises(TooManyPixels) as refused:
            clean(bomb)
        assert "25 million" in str(refused.value)

    def test_too_small_to_read_are_refused_with_the_figures(self):
        with pytest.raises(TooSmall) as refused:
            clean(photo(size=(900, 200)))
        assert "200 pixels" in str(refused.value) and "400" in str(refused.value)

    @pytest.mark.parametrize("left", [4, 300, 2_000])
    def test_cut_off_are_refused(self, left):
        with pytest.raises(Damaged):
            clean(papers.photo_with_place()[:left])

    def test_of_iphones_are_refused_in_words(self):
        with pytest.raises(Heic) as refused:
            clean(papers.HEIC)
        assert "Most Compatible, and take the photo again: it is a JPG" in str(refused.value)

    @pytest.mark.parametrize("content", [b"<html>", b"GIF89a....", b"MZ\x90", b" %PDF-1.7", b"x"])
    def test_are_judged_by_their_bytes(self, content):
        with pytest.raises(Unreadable):
            clean(content)


class TestPdfs:
    def test_keep_their_pages_and_nothing_that_acts_or_is_carried_along(self):
        sent = papers.pdf_that_acts()
        assert b"CANARYJS" in sent and b"CANARYLAUNCH" in sent

        found = clean(sent)

        assert b"the page itself" in papers.words_of(found.copy)
        assert b"CANARY" not in found.copy and b"canary" not in found.copy
        with pikepdf.open(BytesIO(found.copy)) as kept:
            names = {name for thing in kept.objects for name in _names_in(thing)}
            assert not names & {"/JS", "/JavaScript", "/AA", "/OpenAction", "/Annots", "/Names"}
            assert not kept.attachments and not kept.docinfo
            assert len(kept.pages) == 1 and list(kept.pages[0].mediabox)[2:] == [595, 842]

    @pytest.mark.parametrize("is_packed_twice", [False, True])
    def test_lose_the_place_and_camera_of_their_photos(self, is_packed_twice):
        taken = papers.photo_with_place()
        assert b"CANARYPHONE" in taken and papers.CANARY in taken
        filters = None
        if is_packed_twice:
            names = [pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]
            taken, filters = zlib.compress(taken), pikepdf.Array(names)

        found = clean(papers.pdf_of(taken, filters=filters))

        with pikepdf.open(BytesIO(found.copy)) as kept:
            picture = kept.pages[0].Resources.XObject.Im0
            raw = picture.read_raw_bytes()
        assert b"CANARY" not in raw and b"Exif" not in raw
        with Image.open(BytesIO(raw)) as shown:
            assert shown.size == (800, 500) and not shown.getexif()

    def test_with_a_photo_that_is_none_are_refused(self):
        with pytest.raises(Damaged):
            clean(papers.pdf_of(b"no photo"))

    def test_followed_by_something_else_are_the_pdf_only(self):
        found = clean(papers.pdf(words=b"rent paid") + b"PK\x03\x04 polyglot")

        assert b"rent paid" in papers.words_of(found.copy) and b"polyglot" not in found.copy

    @pytest.mark.parametrize("user", ["", "secret"])
    def test_with_a_password_are_refused(self, user):
        locked = papers.pdf(encryption=pikepdf.Encryption(owner="owner", user=user))

        with pytest.raises(LockedPdf):
            clean(locked)

    def test_of_too_many_pages_are_refused_with_the_figures(self):
        assert clean(papers.pdf(pages=20)).pages == 20
        with pytest.raises(TooManyPages) as refused:
            clean(papers.pdf(pages=21))
        assert "21 pages" in str(refused.value) and "20" in str(refused.value)

    @pytest.mark.parametrize("left", [5, 100, 300])
    def test_cut_off_are_refused(self, left):
        with pytest.raises(Damaged):
            clean(papers.pdf()[:left])

    def test_that_unpack_to_gigabytes_cost_their_own_process_only(self):
        bomb = papers.pdf_bomb()
        assert len(bomb) < 10_000

        with pytest.raises(Damaged):
            clean(bomb)


class TestTheProcess:
    def test_has_no_keys_and_cannot_write_a_file(self, monkeypatch, tmp_path):
        monkeypatch.setenv("WEKEZA_KEYS", "secret")
        program = tmp_path / "spy.py"
        program.write_text(
            "import json, os, runpy, sys\n"
            f"cleaning = runpy.run_path({sandbox.PROGRAM[2]!r})\n"
            "cleaning['_bound_this_process']()\n"
            "try:\n"
            f"    open({str(tmp_path / 'out')!r}, 'wb', 0).write(b'x')\n"
            "    wrote = 'wrote'\n"
            "except OSError:\n"
            "    wrote = 'nothing'\n"
            "print(json.dumps({'unfit': 'too_many_pages', 'facts': {'pages': wrote,"
            " 'most': 'WEKEZA_KEYS' in os.environ}}))\n"
        )
        monkeypatch.setattr(sandbox, "PROGRAM", [*sandbox.PROGRAM[:2], str(program)])

        with pytest.raises((TooManyPages, Damaged)) as answer:
            clean(photo())

        facts = getattr(answer.value, "facts", {})
        assert facts.get("most", False) is False and facts.get("pages") != "wrote"


def _names_in(thing):
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return set(thing.keys())
    return set()
