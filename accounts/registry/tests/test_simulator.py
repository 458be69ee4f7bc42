from accounts.registry.iprs.client import Client
from accounts.registry.simulator import Register, running


class TestTheDemoRegister:
    def test_knows_the_demo_people(self):
        with running(Register.of_demo("t")) as told:
            answer = Client(told.url, "t").find(national_id="31204417", request_id="1")

        assert answer.names == ("JUMA", "OTIENO", "OCHIENG")
