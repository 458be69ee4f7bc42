import re
import subprocess
import sys

import pytest

from wekeza.runtime import env, rows
from wekeza.tests import report as test_report

TABLE = "id\tdomain\task\tshown_by\nAA01\tBooks\tAdd up\t\nAA02\tBooks\tNever lie\t{}\n"


@pytest.fixture
def table(tmp_path):
    def write(shown_by=""):
        (tmp_path / "rows.tsv").write_text(TABLE.format(shown_by))
        return tmp_path / "rows.tsv"

    return write


def outcome(outcome, *rows):
    return {"outcome": outcome, "seconds": 0.1, "proves": list(rows)}


class TestRows:
    def test_the_mission_has_592_each_with_its_own_id_and_ask(self):
        found = rows.read_rows()

        assert len(found) == len({row.id for row in found}) == 592
        assert all(re.fullmatch(r"[A-Z]{2}\d{2}", row.id) and row.ask for row in found)

    @pytest.mark.parametrize(
        ("outcomes", "state"),
        [
            ([], "OPEN"),
            (["passed"], "PROVEN"),
            (["skipped"], "OPEN"),
            (["passed", "skipped"], "PROVEN"),
            (["passed", "failed"], "BROKEN"),
        ],
    )
    def test_are_proven_only_by_tests_that_ran_and_passed(self, table, outcomes, state):
        tests = {str(n): outcome(name, "AA01") for n, name in enumerate(outcomes)}

        row = rows.read_rows(table(), {"tests": tests})[0]

        assert row.state == state

    @pytest.mark.parametrize(
        ("shown_by", "state"),
        [
            ("docs/mission-rows.tsv", "OPEN"),  # It exists, but does not name AA02.
            ("docs/there-is-none.md", "OPEN"),
            ("outside: an auditor", "OUTSIDE"),
        ],
    )
    def test_are_shown_by_a_document_only_if_it_names_them(self, table, shown_by, state):
        assert rows.read_rows(table(shown_by))[1].state == state

    def test_every_named_document_names_its_row(self):
        named = [row for row in rows.read_rows() if row.shown_by]

        wrong = [row.id for row in named if row.state not in {"SHOWN", "OUTSIDE"}]
        assert not wrong


class FakeItem:
    def __init__(self, *cited):
        self.nodeid, self.cited, self.user_properties = "test_x", cited, []

    def iter_markers(self, name):
        return [pytest.mark.proves(*self.cited).mark]


class TestCitingRows:
    def test_notes_what_a_test_proves(self):
        item = FakeItem("LG01", "LG02")

        test_report.read_proofs([item])

        assert item.user_properties == [("proves", ["LG01", "LG02"])]

    def test_refuses_five_rows_and_rows_that_the_mission_has_not(self):
        with pytest.raises(pytest.UsageError, match="four"):
            test_report.read_proofs([FakeItem("LG01", "LG02", "LG03", "LG04", "LG05")])
        with pytest.raises(pytest.UsageError, match="XX99"):
            test_report.read_proofs([FakeItem("XX99")])


class TestWhere:
    def ask(self, address):
        return subprocess.run(
            [sys.executable, "-m", "wekeza.runtime.where", address],
            cwd=env.ROOT,
            capture_output=True,
            text=True,
        )

    def test_names_the_view_its_template_and_its_tests(self):
        told = self.ask("http://localhost:8000/session-ended/").stdout

        assert re.search(r"view +branch/online/views\.py:\d+  session_ended", told)
        assert "templates/branch/online/session_ended.html" in told
        assert "branch/online/tests/" in told

    def test_says_when_nothing_answers(self):
        asked = self.ask("/there-is-no-such-page/")

        assert (asked.returncode, asked.stdout) == (1, "No view answers /there-is-no-such-page/\n")
