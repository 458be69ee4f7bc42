"""Papers of the demo bank's people and their shop: drawn here, and marked as no real ones."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from accounts.documents.models import Document

Kind = Document.Kind
SIZE = (1000, 630)  # An ID card's shape.
PAPER, INK, PALE, GREEN = "#f3f1e7", "#22302a", "#8a958f", "#1d6b4f"
NOTICE = "DEMO BANK · NO REAL DOCUMENT"


def id_front(customer) -> bytes:
    """This will draw the front of somebody's ID card, as JPG."""
    picture, draw = _card("JAMHURI YA KENYA · KITAMBULISHO")
    _face(draw, (190, 330), 95)
    facts = [
        ("FULL NAMES", customer.full_name.upper()),
        ("DATE OF BIRTH", f"{customer.date_of_birth:%d.%m.%Y}"),
        ("ID NUMBER", customer.national_id),
    ]
    for number, (label, fact) in enumerate(facts):
        top = 190 + 115 * number
        draw.text((380, top), label, PALE, _font(22))
        draw.text((380, top + 32), fact, INK, _font(38))
    return _jpg(picture)


def id_back(customer) -> bytes:
    """This will draw the back of somebody's ID card, as JPG."""
    picture, draw = _card("SPECIMEN")
    born = f"{customer.date_of_birth:%y%m%d}"
    names = "<".join(reversed(customer.full_name.upper().split()))
    for number, line in enumerate([f"IDKEN{customer.national_id}<<", f"{born}<KEN<<", names]):
        draw.text((70, 330 + 60 * number), line.ljust(30, "<")[:30], INK, _font(44))
    return _jpg(picture)


def selfie(customer) -> bytes:
    """This will draw a likeness of somebody, as JPG."""
    picture = Image.new("RGB", (800, 1000), "#dfe7e2")
    draw = ImageDraw.Draw(picture)
    _face(draw, (400, 430), 190)
    draw.text((400, 900), customer.full_name, INK, _font(36), anchor="mm")
    draw.text((400, 955), NOTICE, PALE, _font(24), anchor="mm")
    return _jpg(picture)


def company_paper(business, *, title: str) -> bytes:
    """This will draw a paper of a company, as JPG."""
    facts = [business.name, business.registration_no, business.kra_pin, business.address]
    return sheet(title, facts)


def sheet(title: str, lines: list[str]) -> bytes:
    """This will draw a paper with a title and lines below it, as JPG."""
    picture = Image.new("RGB", (1000, 1414), "white")
    draw = ImageDraw.Draw(picture)
    for number, (text, size) in enumerate([(title.upper(), 44), *((line, 34) for line in lines)]):
        draw.text((500, 260 + 110 * number), text, INK, _font(size), anchor="mm")
    draw.text((500, 1330), NOTICE, PALE, _font(24), anchor="mm")
    return _jpg(picture)


PAPERS = {Kind.ID_FRONT: id_front, Kind.ID_BACK: id_back, Kind.SELFIE: selfie}


def _card(title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, SIZE[0], 110), fill=GREEN)
    draw.text((60, 55), title, PAPER, _font(36), anchor="lm")
    draw.text((60, 585), NOTICE, PALE, _font(24), anchor="lm")
    return picture, draw


def _face(draw: ImageDraw.ImageDraw, middle: tuple[int, int], size: int) -> None:
    x, y = middle
    draw.ellipse((x - size, y + size, x + size, y + size * 2.6), fill=GREEN)
    draw.ellipse((x - size * 0.7, y - size, x + size * 0.7, y + size * 0.9), fill=PALE)


def _font(size: int):
    return ImageFont.load_default(size=size)


def _jpg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
