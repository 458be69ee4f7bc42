import subprocess
import sys

from accounts.registry.iprs.client import Client
from accounts.registry.simulator import Register, running
from wekeza.runtime import run


class TestTheDemoRegister:
    def test_knows_the_demo_people(self):
        with running(Register.of_demo("t")) as told:
            answer = Client(told.url, "t").find(national_id="31204417", request_id="1")

        assert answer.names == ("JUMA", "OTIENO", "OCHIENG")

    def test_runs_beside_a_demo_bank_only_and_on_this_machine_only(self):
        assert run._pretended_providers({"WEKEZA_DEMO": ""}) == {}
        assert run._pretended_providers({"WEKEZA_DEMO": "1", "IPRS_URL": "https://x"}) == {}
        given = run._pretended_providers({"WEKEZA_DEMO": "1"})
        assert given["IPRS_URL"].startswith("http://127.0.0.1:")

        for facts in ({"WEKEZA_DEMO": ""}, {"IPRS_URL": "http://10.0.0.1:80"}):
            environment = {"WEKEZA_DEMO": "1", "IPRS_URL": given["IPRS_URL"]} | facts
            command = [sys.executable, "-m", "wekeza.runtime.simulators"]
            ended = subprocess.run(command, env=environment, capture_output=True, timeout=30)
            assert ended.returncode == 1
