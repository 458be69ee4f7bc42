"""The API's reference as pages show it, read out of the OpenAPI description and nothing else."""

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

UPLOAD = "multipart/form-data"
METHODS = ("get", "post", "put", "patch", "delete")
_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, or a field of a body: `money.amount` for one inside another."""

    name: str
    kind: str
    is_required: bool
    about: str
    place: str = "body"


@dataclass(frozen=True, slots=True)
class Refused:
    """An error code that an operation may answer with."""

    status: int
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation: what stands on its page."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    about: list[str]
    needs_token: bool
    has_key: bool
    parameters: list[Part]
    body: list[Part]
    answers: list[tuple[str, str, list[Part]]]
    refused: list[Refused]
    example: str
    is_upload: bool = False
    aliases: list = field(default_factory=list)  # The same door at other addresses (X6).

    @property
    def holes(self) -> list[Part]:
        """The parts of the address that are filled in."""
        return [part for part in self.parameters if part.place == "path"]

    @property
    def questions(self) -> list[Part]:
        """What may stand behind the question mark."""
        return [part for part in self.parameters if part.place == "query"]

    @property
    def curl(self) -> str:
        """The same call for a terminal."""
        lines = [f"curl -X {self.method} {settings.SITE_URL}{self.path}"]
        if self.needs_token:
            lines.append('-H "Authorization: Bearer $TOKEN"')
        if self.has_key:
            lines.append('-H "Idempotency-Key: $(uuidgen)"')
        if self.is_upload:
            lines += [f"-F {part.name}={_sent_as(part)}" for part in self.body if part.is_required]
        elif self.body:
            lines.append('-H "Content-Type: application/json"')
            lines.append(f"-d '{self.example}'")
        return " \\\n  ".join(lines)


def schema() -> dict:
    """This will give the OpenAPI description in the language of the reader."""
    return _schema(translation.get_language() or "en")


def entries() -> list[Entry]:
    """This will give every operation, in the order of its address; aliases stand with the first."""
    return list(_entries(translation.get_language() or "en").values())


def entry_of(operation: str) -> Entry | None:
    """This will give one operation by its id."""
    return _entries(translation.get_language() or "en").get(operation)


def errors() -> list[tuple[Refused, list[Entry]]]:
    """This will give every error code once, with the operations that may answer with it."""
    found: dict[tuple, list[Entry]] = {}
    told: dict[tuple, Refused] = {}
    for entry in entries():
        for refused in entry.refused:
            key = (refused.status, refused.code)
            told.setdefault(key, refused)
            found.setdefault(key, []).append(entry)
    return [(told[key], found[key]) for key in sorted(found)]


@lru_cache(maxsize=4)
def _schema(language: str) -> dict:
    with translation.override(language):
        made = SchemaGenerator().get_schema(request=None, public=True)
        # Lazy words become words here, in this language.
        return json.loads(json.dumps(made, default=str))


@lru_cache(maxsize=4)
def _entries(language: str) -> dict[str, Entry]:
    made = _schema(language)
    found: dict[str, Entry] = {}
    for path, methods in made["paths"].items():
        for method in METHODS:
            if method in methods:
                entry = _entry(made, path, method, methods[method])
                found[entry.id] = entry
    for entry in found.values():
        same = (entry.method, entry.summary, entry.tag)
        others = [each for each in found.values() if (each.method, each.summary, each.tag) == same]
        entry.aliases.extend(each for each in others if each.path != entry.path)
    return found


def _entry(made: dict, path: str, method: str, told: dict) -> Entry:
    parameters = [_parameter(each) for each in told.get("parameters", [])]
    bodies = told.get("requestBody", {}).get("content", {})
    content = bodies.get("application/json") or next(iter(bodies.values()), {})
    body = _fields(made, content.get("schema", {}))
    answers, refused = [], []
    for status, answer in told["responses"].items():
        inside = answer.get("content", {}).get("application/json", {})
        if int(status) < 300:
            fields = _fields(made, inside.get("schema", {}))
            if not inside and "content" in answer:
                fields = [Part(kind, "binary", True, "") for kind in answer["content"]]
            answers.append((status, answer.get("description", ""), fields))
            continue
        for example in inside.get("examples", {}).values():
            value = example["value"]
            refused.append(Refused(int(status), value["error_code"], value["message"]))
    return Entry(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        tag=told["tags"][0],
        summary=told.get("summary", ""),
        about=told.get("description", "").replace("`", "").split("\n\n"),
        needs_token=bool(told.get("security")),
        has_key=any(part.name == "Idempotency-Key" for part in parameters),
        parameters=parameters,
        body=body,
        answers=_merged(sorted(answers, key=lambda each: each[0])),
        refused=refused,
        example=_example(content, body),
        is_upload=UPLOAD in bodies,
    )


def _sent_as(part: Part) -> str:
    return "@photo.jpg" if part.kind == "binary" else part.kind.partition(" | ")[0]


def _merged(answers: list[tuple]) -> list[tuple]:
    """Answers of the same fields stand together: 201, 202."""
    merged: list[tuple] = []
    for status, about, fields in answers:
        if merged and merged[-1][2] == fields:
            before, said, _fields_before = merged.pop()
            status, about = f"{before}, {status}", f"{said} / {about}"
        merged.append((status, about, fields))
    return merged


def _parameter(told: dict) -> Part:
    return Part(
        name=told["name"],
        kind=_kind(told.get("schema", {})),
        is_required=told.get("required", False),
        about=told.get("description", ""),
        place=told["in"],
    )


def _fields(made: dict, schema: dict, *, prefix: str = "", depth: int = 0) -> list[Part]:
    schema = _resolved(made, schema)
    parts = []
    for name, each in schema.get("properties", {}).items():
        inner = _resolved(made, each)
        is_required = name in schema.get("required", [])
        about = each.get("description", "") or inner.get("description", "")
        parts.append(Part(f"{prefix}{name}", _kind(inner), is_required, about))
        if depth < 2 and not _is_money(inner):
            inside = _resolved(made, inner.get("items", inner))
            dots = f"{prefix}{name}[]." if "items" in inner else f"{prefix}{name}."
            parts += _fields(made, inside, prefix=dots, depth=depth + 1)
    return parts


def _resolved(made: dict, schema: dict) -> dict:
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return _resolved(made, schema["allOf"][0])
    name = schema.get("$ref", "").rpartition("/")[2]
    return made["components"]["schemas"][name] if name else schema


def _is_money(schema: dict) -> bool:
    return set(schema.get("properties", {})) == {"amount", "currency"}


def _kind(schema: dict) -> str:
    if _is_money(schema):
        return "money"
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"] if each is not None)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    return schema.get("format", kind) if kind == "string" else kind


def _example(content: dict, body: list[Part]) -> str:
    for example in content.get("examples", {}).values():
        return json.dumps(example["value"], indent=2, ensure_ascii=False)
    return (
        "{}"
        if not body
        else json.dumps({part.name: "" for part in body if "." not in part.name}, indent=2)
    )


def filled(path: str, values: dict[str, str]) -> str:
    """This will put values into the holes of an address."""
    return _HOLE.sub(lambda hole: values.get(hole[1], ""), path)
