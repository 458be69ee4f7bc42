"""What stands in files that the bank gives: the words of a PDF, the cells of a workbook."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pikepdf

SHEET = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
HEX = rb"<([0-9A-Fa-f]+)>"


def words_of(pdf: bytes) -> str:
    """This will give the text of a PDF in its order, as a reader would copy it: a space a piece."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as book:
        for page in book.pages:
            letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
            of_font = {}
            for one in pikepdf.parse_content_stream(page):
                operands, operator = one.operands, str(one.operator)
                if operator == "Tf":
                    of_font = letters[str(operands[0])]
                elif operator in ("Tj", "TJ"):
                    pieces = operands[0] if operator == "TJ" else operands
                    found.append(_text(pieces, of_font))
    return " ".join(" ".join(found).split())


def rows_of(workbook: bytes) -> list[dict[str, str]]:
    """This will give the rows of a workbook's first sheet: of each its cells, by their column."""
    with ZipFile(BytesIO(workbook)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    words = ["".join(one.itertext()) for one in shared.iterfind("x:si", SHEET)]
    return [
        {
            cell.get("r").rstrip("0123456789"): (
                words[int(value.text)] if cell.get("t") == "s" else value.text
            )
            for cell in row.iterfind("x:c", SHEET)
            if (value := cell.find("x:v", SHEET)) is not None
        }
        for row in sheet.iterfind(".//x:row", SHEET)
    ]


def _letters(font) -> dict[int, str]:
    """What each glyph of a font stands for: its ToUnicode map (PDF 32000-1, 9.10.3)."""
    source, found = font.ToUnicode.read_bytes(), {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", source, re.S):
        for glyph, text in re.findall(HEX + rb"\s*" + HEX, block):
            found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", source, re.S):
        for first, last, text in re.findall(HEX + rb"\s*" + HEX + rb"\s*" + HEX, block):
            start = int(text, 16)
            for glyph in range(int(first, 16), int(last, 16) + 1):
                found[glyph] = chr(start + glyph - int(first, 16))
    return found


def _text(pieces, letters: dict[int, str]) -> str:
    """Strings of two bytes a glyph; the numbers between them move the pen."""
    glyphs = b"".join(bytes(one) for one in pieces if isinstance(one, pikepdf.String))
    return "".join(
        letters.get(int.from_bytes(glyphs[at : at + 2]), "") for at in range(0, len(glyphs), 2)
    )
