"""
Reading a list's XML record by record, with the line of each, and without ever following anything.
Only one record is in memory at a time.

A document type, an entity or an external reference makes the file malformed: lists have none, and
whoever sends one wants the bank's memory (entity expansion) or its files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax import ContentHandler, SAXParseException  # noqa: S406 - only the base classes.

from defusedxml import DefusedXmlException
from defusedxml.sax import parse as parse_safely

from accounts.screening.loaders.parsed import Malformed

MOST_DEPTH = 32


@dataclass(slots=True)
class Node:
    """An element: its name without a prefix, its own text and its children."""

    tag: str
    line: int
    parent: "Node | None" = None
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def own_text(self) -> str:
        """The text of the element, with single spaces."""
        return " ".join("".join(self.pieces).split())

    def text(self, path: str) -> str:
        """This will give the text of the first element on a path such as `idList/id`, or ""."""
        return next((node.own_text for node in self.all(path)), "")

    def all(self, path: str) -> list["Node"]:
        """This will give every element on a path, in the order of the file."""
        found = [self]
        for tag in path.split("/"):
            found = [child for node in found for child in node.children if child.tag == tag]
        return found


class _Records(ContentHandler):
    """Hands over the elements that are one record each, and forgets them."""

    def __init__(self, records: Mapping[str, Callable[[Node], None]]):
        super().__init__()
        self.records = records
        self.root: Node | None = None
        self._here: Node | None = None
        self._depth = 0

    def startElement(self, name, attrs):  # noqa: N802 - the interface of SAX.
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Malformed([f"line {self._locator.getLineNumber()}: nested too deeply"])
        node = Node(
            name.rpartition(":")[2], self._locator.getLineNumber(), self._here, dict(attrs.items())
        )
        if self.root is None:
            self.root = node
        elif node.tag not in self.records:
            self._here.children.append(node)
        self._here = node

    def characters(self, content):
        self._here.pieces.append(content)

    def endElement(self, name):  # noqa: N802
        self._depth -= 1
        ended, self._here = self._here, self._here.parent
        if ended.tag in self.records:
            self.records[ended.tag](ended)


def read(data: bytes, *, root: str, records: Mapping[str, Callable[[Node], None]]) -> Node:
    """
    This will hand each record of a file to its reader, by tag, and give the root with the rest.

    :raises Malformed: if it is no such XML, or brings a document type or an entity.
    """
    handler = _Records(records)
    try:
        parse_safely(
            BytesIO(data), handler, forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
    except SAXParseException as error:
        raise Malformed([f"line {error.getLineNumber()}: {error.getMessage()}"]) from error
    except DefusedXmlException as error:
        raise Malformed(
            [f"it brings a document type or entity ({type(error).__name__}), which no list has"]
        ) from error
    if handler.root is None or handler.root.tag != root:
        raise Malformed([f"line 1: this is no {root}"])
    return handler.root
