"""What a line of the log is, and what never stands in it (reliability rule 37)."""

import json
import logging
import sys

import pytest
from django.conf import settings
from django.utils.log import configure_logging

from wekeza.kit.logs import JsonLines, masked


def line_of(message, *args, error=None, **more):
    record = logging.LogRecord("bank", logging.ERROR, __file__, 1, message, args, error)
    vars(record).update(more)
    return JsonLines().format(record)


class TestALine:
    def test_is_json_with_a_fixed_list_of_fields(self):
        line = line_of("It is %s", "done", body="a body", request="a request")

        told = json.loads(line)
        assert list(told) == ["at", "level", "logger", "request_id", "message"]
        assert (told["level"], told["message"], told["request_id"]) == ("ERROR", "It is done", "-")

    def test_is_one_line_whatever_it_is_given(self):
        line = line_of("asked for %s", "/x\r\n2026 INFO forged\u2028")

        assert len(line.split("\n")) == 1 and "\r" not in line

    def test_of_a_fault_names_nobody(self):
        """What PostgreSQL says of a taken address."""
        try:
            raise ValueError("Key (email)=(amina@example.com) already exists.")
        except ValueError:
            told = json.loads(line_of("fault", error=sys.exc_info()))

        assert "amina" not in told["error"] and "[e-mail]" in told["error"]
        assert "ValueError" in told["error"] and "test_logs.py" in told["error"]

    def test_hides_numbers_tokens_and_secrets(self):
        said = {
            "call +254722000418": "call [number]",
            "call 0722 000 418 now": "call [number] now",
            "ID 31845207.": "ID [number].",
            "card 4111-1111-1111-1111": "card [number]",
            "Authorization: Bearer abc.def-1": "Authorization: Bearer [token]",
            "sent wkr_0123456789abcdef": "sent [token]",
            "eyJhbGciOi.eyJzdWIi.c2ln": "[token]",
            "password=hunter2&x=1": "password=[…]&x=1",
            '{"pin": "2580"}': '{"pin": […]}',
        }
        assert {text: masked(text) for text in said} == said

    def test_keeps_what_finds_the_fault(self):
        text = (
            "transfer 4711 took 1532 ms at 2026-11-21 18:40, 3f2b8c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"
        )
        assert masked(text) == text

    @pytest.mark.proves("OP42")
    def test_is_what_the_bank_writes(self, capsys):
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
        [handler] = [one for one in logging.getLogger().handlers if one.name == "stderr"]
        assert isinstance(handler.formatter, JsonLines)
        assert settings.CELERY_WORKER_HIJACK_ROOT_LOGGER is False
