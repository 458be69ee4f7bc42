"""
Reading what programs send so that nobody can read it in two ways: one object, each name once, not
too large, not too deep, no numbers that JSON does not have.
"""

import json
from decimal import Decimal

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from wekeza.kit.problems import BadBody, BodyTooLarge, DuplicateKey, DuplicateParameter
from wekeza.kit.uploads import MOST_SENT

MOST_BYTES = 64 * 1024
MOST_DEPTH = 8
MOST_DIGITS = 40


class StrictJson(BaseParser):
    """One JSON object (RFC 8259 in UTF-8)."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        """
        :raises BadBody: if it is not one JSON object, or deeper than eight levels.
        :raises DuplicateKey: if a name comes twice in one object.
        :raises BodyTooLarge: over 64 KiB.
        """
        body = _read(stream)
        if not body.strip():
            return {}
        _check_depth(body)
        try:
            data = json.loads(
                body.decode(),
                object_pairs_hook=_once_each,
                parse_constant=_no_constant,
                parse_float=_number,
                parse_int=_number,
            )
            if b"\\u" in body:  # Half a sign (U+D800 to U+DFFF) is in no text that we could keep.
                json.dumps(data, ensure_ascii=False, default=str).encode()
        except ValueError as error:
            raise BadBody(reason=_("it is not valid JSON in UTF-8")) from error
        if not isinstance(data, dict):
            raise BadBody(reason=_("it must be one JSON object"))
        return data


class StrictForm(BaseParser):
    """A form as OAuth 2 sends it, each name once."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream, media_type=None, parser_context=None):
        """
        :raises DuplicateKey: if a name comes twice.
        :raises BodyTooLarge: over 64 KiB.
        """
        try:
            form = QueryDict(_read(stream).decode(), encoding="utf-8")
        except ValueError as error:
            raise BadBody(reason=_("it is not a form in UTF-8")) from error
        for name, values in form.lists():
            if len(values) > 1:
                raise DuplicateKey(name=name)
        return form.dict()


class StrictUpload(BaseParser):
    """A form with a file in it, each name once. The file stays in memory (wekeza.kit.uploads)."""

    media_type = "multipart/form-data"

    def parse(self, stream, media_type=None, parser_context=None):
        """
        :raises DuplicateKey: if a name comes twice.
        :raises BodyTooLarge: if it is more than the bank reads at once.
        :raises BadBody: if it is no such form.
        """
        request = parser_context["request"]._request
        meta = request.META | {"CONTENT_TYPE": media_type}
        try:
            parser = MultiPartParser(meta, stream, request.upload_handlers, "utf-8")
            fields, files = parser.parse()
        except RequestDataTooBig as error:
            raise BodyTooLarge(most=MOST_SENT) from error
        except (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent, ValueError) as error:
            raise BadBody(reason=_("it is not a form with files")) from error
        found: dict = {}
        for name, values in [*fields.lists(), *files.lists()]:
            if len(values) > 1 or name in found:
                raise DuplicateKey(name=name)
            found[name] = values[0]
        return found


def single(query) -> dict[str, str]:
    """
    This will give the parameters of an address.

    :raises DuplicateParameter: if one comes twice.
    """
    for name, values in query.lists():
        if len(values) > 1:
            raise DuplicateParameter(name=name)
    return query.dict()


def _read(stream) -> bytes:
    body = stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(most=MOST_BYTES)
    return body


def _check_depth(body: bytes) -> None:
    """Brackets are counted before anything recurses; those inside texts do not count."""
    depth, in_text, is_escaped = 0, False, False
    for sign in body:
        if in_text:
            if is_escaped:
                is_escaped = False
            elif sign == 0x5C:
                is_escaped = True
            elif sign == 0x22:
                in_text = False
        elif sign == 0x22:
            in_text = True
        elif sign in b"[{":
            depth += 1
            if depth > MOST_DEPTH:
                raise BadBody(reason=_("it is deeper than {most} levels").format(most=MOST_DEPTH))
        elif sign in b"]}":
            depth -= 1


def _once_each(pairs):
    names = set()
    for name, _each in pairs:
        if name in names:
            raise DuplicateKey(name=name)
        names.add(name)
    return dict(pairs)


def _no_constant(name):
    raise BadBody(reason=_("{name} is no number of JSON").format(name=name))


def _number(text: str):
    """No amount travels as a number, so whole ones are enough; others stay exact."""
    if len(text) > MOST_DIGITS:
        raise BadBody(reason=_("a number in it is too long"))
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)
