"""Papers as people and attackers send them; what is inside is known, byte for byte."""

from io import BytesIO

import pikepdf
from PIL import Image

from accounts.factories import photo

CANARY = b"CANARY-7f3c19aa-wekeza"
SECRET_PLACE = (1.0, 17.0, 24.36)  # Degrees of a village; never to be kept.


def photo_with_place() -> bytes:
    """A phone's photo, lying on its side, with the place, the camera and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Turn it a quarter clockwise to see it upright.
    exif[0x010F] = "CANARYPHONE"
    exif.get_ifd(0x8825)[2] = SECRET_PLACE
    return photo(shade=11, size=(800, 500), exif=exif, comment=CANARY)


def png_with_text() -> bytes:
    """A PNG with a web page in its text part."""
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Comment", f"<script>alert('{CANARY.decode()}')</script>")
    return photo(shade=12, form="PNG", pnginfo=text)


def pdf(*, pages: int = 1, words: bytes = b"", **save) -> bytes:
    """A PDF whose page streams hold the words, not packed."""
    out = BytesIO()
    with pikepdf.new() as paper:
        for _ in range(pages):
            paper.add_blank_page(page_size=(595, 842))
            page = paper.pages[-1]
            page.Contents = paper.make_stream(b"BT (" + words + b") Tj ET")
        paper.save(out, compress_streams=False, **save)
    return out.getvalue()


def pdf_of(photo: bytes, *, filters=None) -> bytes:
    """A PDF as scanners make it: a page that shows one photo."""
    out = BytesIO()
    with pikepdf.new() as paper:
        picture = paper.make_stream(photo)
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = 800, 500, 8
        picture.ColorSpace = pikepdf.Name.DeviceRGB
        picture.Filter = filters or pikepdf.Name.DCTDecode
        paper.add_blank_page(page_size=(595, 842))
        shown = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        paper.pages[0].Resources = shown
        paper.pages[0].Contents = paper.make_stream(b"q 500 0 0 500 0 0 cm /Im0 Do Q")
        paper.save(out)
    return out.getvalue()


def words_of(content: bytes) -> bytes:
    """What the pages of a PDF say, unpacked."""
    with pikepdf.open(BytesIO(content)) as paper:
        return b"".join(page.Contents.read_bytes() for page in paper.pages)


def pdf_that_acts() -> bytes:
    """A PDF with every way to run or carry something that readers know."""
    out = BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page(page_size=(595, 842))
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('CANARYJS')")
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="CANARYLAUNCH.exe")
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://canarylink.example/")
        paper.Root.OpenAction = paper.make_indirect(script)
        paper.Root.AA = pikepdf.Dictionary(WC=script)
        paper.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("x"), script]))
        )
        paper.attachments["CANARYFILE.exe"] = b"MZ" + CANARY
        paper.docinfo["/Author"] = "CANARYAUTHOR"
        page = paper.pages[0]
        page.AA = pikepdf.Dictionary(O=script)
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link, AA=launch
        )
        page.Annots = pikepdf.Array([paper.make_indirect(note)])
        page.Contents = paper.make_stream(b"BT (the page itself) Tj ET")
        paper.save(out, compress_streams=False)
    return out.getvalue()


def too_wide_png(side: int = 30_000) -> bytes:
    """A few bytes that say they are 900 million pixels (a decompression bomb)."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf_bomb() -> bytes:
    """A small PDF whose list of objects unpacks to gigabytes, packed twice."""
    import zlib

    packer, parts = zlib.compressobj(9), []
    for _ in range(2_000):  # 2 GB of blanks
        parts.append(packer.compress(b" " * 1_000_000))
    once = b"".join([*parts, packer.flush()])
    twice = zlib.compress(once, 9)
    objects = [
        b"1 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/ObjStm/N 1/First 6/Filter[/FlateDecode/FlateDecode]/Length %d>>\n"
        b"stream\n%s\nendstream\nendobj\n" % (len(twice), twice),
    ]
    out, places = b"%PDF-1.5\n", []
    for thing in objects:
        places.append(len(out))
        out += thing
    start = len(out)
    rows = b"\0\0\0\0\0" + b"".join(b"\1" + p.to_bytes(3, "big") + b"\0" for p in places)
    rows += b"\2" + (2).to_bytes(3, "big") + b"\0"  # Object 3 is inside of object 2.
    rows += b"\1" + start.to_bytes(3, "big") + b"\0"
    head = b"<</Type/XRef/Size 5/W[1 3 1]/Root 1 0 R/Length %d>>" % len(rows)
    out += b"4 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head, rows)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
