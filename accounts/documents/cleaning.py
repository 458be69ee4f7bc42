"""
Makes a harmless copy of what somebody uploaded: a program of its own (see sandbox.py), because the
libraries that read pictures and PDFs meet hostile bytes here. It has no keys and no database.

Input: one line of JSON with the bounds, then the bytes. Output: one line of JSON that says what it
is or why not, then the clean copy and its thumbnail. A picture is decoded and encoded anew, so that
place, camera and whatever else hid in it is gone; of a PDF only the pages are taken over, and its
photos without what the camera wrote into them.
"""

import json
import struct
import sys
import zlib
from contextlib import suppress
from io import BytesIO

MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS = 20
THUMBNAIL_SIDE = 320
QUALITY = 88
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
# Brands of the ISO container that phones use for HEIC and AVIF (ISO/IEC 23008-12).
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
# What makes a page do something, or carry something along. Not /A: it stands in annotations, which
# go as a whole, and may be the name of a font.
RISKY = {
    *("/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/SubmitForm", "/ImportData"),
    *("/EmbeddedFile", "/EmbeddedFiles", "/EF", "/AF", "/RichMedia", "/RichMediaContent", "/XFA"),
    *("/AcroForm", "/Annots", "/Names", "/Collection", "/PieceInfo", "/Metadata", "/URI"),
    *("/StructParents", "/StructParent", "/Outlines", "/PresSteps", "/Movie", "/Sound", "/3D"),
}


MOST_UNPACKED = 32 * 1024 * 1024  # Bytes of a JPEG that a PDF packed once more.
START_OF_SCAN = 0xDA
# Application segments and comments of a JPEG, but JFIF (E0), colour profile (E2) and Adobe (EE).
BESIDE_THE_PICTURE = {*range(0xE1, 0xF0), 0xFE} - {0xE2, 0xEE}


class Unfit(Exception):
    """Why it is not taken: the code of a refusal, and its figures."""

    def __init__(self, code: str, **facts):
        self.code, self.facts = code, facts
        super().__init__(code)


def kind_of(content: bytes) -> str:
    """
    This will name the format by its first bytes, whatever the file is called.

    :raises Unfit: if it is none that the bank reads.
    """
    if content[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if content[:5] == b"%PDF-":
        return "PDF"
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        raise Unfit("heic")
    raise Unfit("unknown_format")


def clean(content: bytes, bounds: dict) -> tuple[dict, bytes, bytes]:
    """
    This will give what it is, a clean copy and a thumbnail (none of a PDF).

    :raises Unfit: if it is no whole, harmless paper within the bounds.
    """
    kind = kind_of(content)
    return clean_pdf(content, bounds) if kind == "PDF" else clean_picture(content, kind, bounds)


def clean_picture(content: bytes, kind: str, bounds: dict) -> tuple[dict, bytes, bytes]:
    """Decode the first picture, upright, and encode its pixels alone."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # Judged here, before a pixel is decoded.
    try:
        with Image.open(BytesIO(content), formats=[kind]) as source:
            width, height = source.size
            if width * height > bounds["MAXIMUM_PIXELS"]:
                raise Unfit("too_many_pixels", most=bounds["MAXIMUM_PIXELS"] // 1_000_000)
            if min(width, height) < bounds["MINIMUM_SIDE"]:
                raise Unfit("too_small", side=min(width, height), least=bounds["MINIMUM_SIDE"])
            upright = ImageOps.exif_transpose(source)
            if upright.mode in {"RGBA", "LA", "P", "PA"}:
                upright = _on_white(upright.convert("RGBA"))
            picture = upright.convert("RGB")
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error, zlib.error) as why:
        raise Unfit("damaged") from why
    picture.info.clear()  # Comments, profiles and text that an encoder would copy.
    told = {"content_type": PICTURES[kind], "pixels": picture.width * picture.height, "pages": 1}
    copy = _encoded(picture, kind)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return told, copy, _encoded(picture, "JPEG")


def clean_pdf(content: bytes, bounds: dict) -> tuple[dict, bytes, bytes]:
    """Take over the pages into a new file, without anything that acts or is carried along."""
    import pikepdf

    try:
        # No repair: of a file that was cut off, it would keep some pages and lose others unseen.
        opened = pikepdf.open(BytesIO(content), attempt_recovery=False)
        with opened as source, pikepdf.new() as copy:
            if source.is_encrypted:
                raise Unfit("locked_pdf")
            pages = len(source.pages)
            if pages == 0:
                raise Unfit("damaged")
            if pages > bounds["MAXIMUM_PAGES"]:
                raise Unfit("too_many_pages", pages=pages, most=bounds["MAXIMUM_PAGES"])
            for thing in source.objects:
                _without_risks(thing)
                _without_place(thing)
            copy.pages.extend(source.pages)
            told = {"content_type": "application/pdf", "pixels": 0, "pages": pages}
            return told, _saved(copy), b""
    except pikepdf.PasswordError as why:
        raise Unfit("locked_pdf") from why
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, zlib.error) as why:
        raise Unfit("damaged") from why


def _without_risks(thing) -> None:
    """Take risky entries out of an object and of what is written inside it; links end there."""
    import pikepdf

    parts = []
    if isinstance(thing, pikepdf.Array):
        parts = list(thing)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        for name in RISKY.intersection(thing.keys()):
            del thing[name]
        parts = [thing[name] for name in thing.keys()]  # noqa: SIM118 - no dict of Python.
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            _without_risks(part)


def _without_place(thing) -> None:
    """Take out of a photo inside a PDF what its camera wrote beside the picture."""
    import pikepdf

    if not isinstance(thing, pikepdf.Stream) or "/Filter" not in thing:
        return
    is_list = isinstance(thing.Filter, pikepdf.Array)
    *packed, last = list(thing.Filter) if is_list else [thing.Filter]
    if last != pikepdf.Name.DCTDecode:
        return
    photo, parameters = thing.read_raw_bytes(), thing.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[-1]
    for filter in packed:
        if filter != pikepdf.Name.FlateDecode:
            raise Unfit("damaged")
        photo = _unpacked(photo)
    if not isinstance(parameters, pikepdf.Dictionary):
        parameters = None
    thing.write(bare_jpeg(photo), filter=last, decode_parms=parameters)


def _unpacked(packed: bytes) -> bytes:
    """What was packed once more, if it is no bomb."""
    opener = zlib.decompressobj()
    photo = opener.decompress(packed, MOST_UNPACKED)
    if opener.unconsumed_tail:
        raise Unfit("damaged")
    return photo


def bare_jpeg(photo: bytes) -> bytes:
    """
    This will give a JPEG without place, camera, comments and whatever follows its end; what its
    colours need stays (ISO/IEC 10918-1, B.1.1.4).

    :raises Unfit: if it is none.
    """
    if photo[:2] != b"\xff\xd8":
        raise Unfit("damaged")
    kept, at = [photo[:2]], 2
    while at + 4 <= len(photo) and photo[at] == 0xFF and photo[at + 1] != START_OF_SCAN:
        marker, size = photo[at + 1], int.from_bytes(photo[at + 2 : at + 4])
        if marker == 0xFF:  # Bytes between segments may be filled up.
            at += 1
            continue
        if marker not in BESIDE_THE_PICTURE:
            kept.append(photo[at : at + 2 + size])
        at += 2 + size
    end = photo.rfind(b"\xff\xd9")
    if photo[at : at + 2] != bytes([0xFF, START_OF_SCAN]) or end < at:
        raise Unfit("damaged")
    return b"".join([*kept, photo[at : end + 2]])


def _saved(copy) -> bytes:
    """Write it; streams stay as they are packed, so that a bomb inside one does not go off."""
    import pikepdf

    out = BytesIO()
    copy.save(
        out,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        deterministic_id=True,
    )
    return out.getvalue()


def _on_white(picture):
    from PIL import Image

    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    return white


def _encoded(picture, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return out.getvalue()


def _bound_this_process() -> None:
    import resource

    bounds = {"AS": MEMORY_BYTES, "CPU": SECONDS, "FSIZE": 0, "CORE": 0}
    for name, most in bounds.items():
        with suppress(ValueError, OSError):  # A system that does not bound this one.
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def main() -> None:
    """Read the bounds and the bytes, answer with the copy or with why there is none."""
    _bound_this_process()
    bounds = json.loads(sys.stdin.buffer.readline())
    copy = thumbnail = b""
    try:
        told, copy, thumbnail = clean(sys.stdin.buffer.read(), bounds)
    except Unfit as unfit:
        told = {"unfit": unfit.code, "facts": unfit.facts}
    except (MemoryError, RecursionError):
        told = {"unfit": "damaged", "facts": {}}
    head = json.dumps(told | {"copy": len(copy), "thumbnail": len(thumbnail)})
    sys.stdout.buffer.write(head.encode() + b"\n" + copy + thumbnail)


if __name__ == "__main__":
    main()
