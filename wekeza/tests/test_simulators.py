"""The pretended providers of the demo bank, as a process of its own."""

import subprocess
import sys
import time
from datetime import UTC, datetime

from accounts.registry.answers import Result
from accounts.registry.iprs.client import Client
from branch.demo import borrowers, year
from branch.demo.people import PEOPLE
from lending.bureau.answers import Standing
from lending.bureau.client import Client as BureauClient
from wekeza.runtime import run

COMMAND = [sys.executable, "-m", "wekeza.runtime.simulators"]


class TestTheSimulators:
    def test_run_beside_a_demo_bank_that_has_no_real_ones(self):
        assert run._pretended_providers({"WEKEZA_DEMO": ""}) == {}
        assert run._pretended_providers({"WEKEZA_DEMO": "1", "IPRS_URL": "https://x"}) == {}
        given = run._pretended_providers({"WEKEZA_DEMO": "1"})
        assert given["IPRS_URL"].startswith("http://127.0.0.1:")
        assert run._pretended_providers({"WEKEZA_DEMO": "1", "METROPOL_URL": "https://x"}) == {}

    def test_answer_about_everybody_who_banks_at_the_demo_bank(self):
        given = run._pretended_providers({"WEKEZA_DEMO": "1"})
        process = subprocess.Popen(COMMAND, env={"WEKEZA_DEMO": "1"} | given)
        client = Client(given["IPRS_URL"], given["IPRS_TOKEN"])
        everybody = [*PEOPLE, *year.others(), *borrowers.people()]
        try:
            answers = [self.ask(client, person.national_id) for person in everybody]
            stand = self.standings(given)
        finally:
            process.terminate()
            process.wait(10)

        assert {answer.result for answer in answers} == {Result.FOUND}
        assert stand.pop("juma") == Standing.CLEAN_WITH_GOOD
        assert (stand.pop("grace"), stand.pop("faith")) == (Standing.CLEAN, Standing.OPEN_NPL)
        assert stand.pop("peter") == Standing.SETTLED_OLDER
        assert set(stand.values()) == {Standing.THIN}

    def test_refuse_any_other_bank_and_any_other_address(self):
        for facts in (
            {"WEKEZA_DEMO": "", "IPRS_URL": "http://127.0.0.1:1"},
            {"WEKEZA_DEMO": "1", "IPRS_URL": "http://10.0.0.1:80"},
            {"WEKEZA_DEMO": "1", "METROPOL_URL": "http://10.0.0.1:80"},
            {"WEKEZA_DEMO": "1"},
            {"WEKEZA_DEMO": "1", "PRODUCTION": "1", "IPRS_URL": "http://127.0.0.1:1"},
        ):
            ended = subprocess.run(COMMAND, env=facts, capture_output=True, timeout=30)
            assert ended.returncode == 1

    def standings(self, given):
        """How the people of the demo bank stand at its bureau."""
        keys = given["METROPOL_PUBLIC_KEY"], given["METROPOL_PRIVATE_KEY"]
        bureau = BureauClient(given["METROPOL_URL"], *keys)
        asked = {"amount": 5000, "at": datetime.now(UTC)}
        return {
            person.name: bureau.report_on(number=person.national_id, **asked).standing
            for person in PEOPLE
        }

    def ask(self, client, national_id):
        """Until the process listens."""
        until = time.monotonic() + 15
        while True:
            answer = client.find(national_id=national_id, request_id="1")
            if answer.result == Result.FOUND or time.monotonic() > until:
                return answer
            time.sleep(0.05)
