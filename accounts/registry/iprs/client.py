"""A client of the register's JSON gateway: one call, `getDataByIdCard`."""

from dataclasses import dataclass

from accounts.registry.answers import Answer
from accounts.registry.iprs import parse
from wekeza.kit import questions

NAME = "IPRS"


@dataclass(frozen=True)
class Client:
    """One subscription to the register. `base_url` is the gateway's, or a simulator's."""

    base_url: str
    token: str

    def find(self, *, national_id: str, request_id: str) -> Answer:
        """
        This will ask who has a national ID. Only the number leaves the bank: names and date of
        birth are compared here (data minimisation, Data Protection Act 2019 s.25).
        """
        reply = questions.post(
            f"{self.base_url.rstrip('/')}/iprs/v1/getDataByIdCard",
            token=self.token,
            body={"id_number": national_id},
            headers={"X-Request-Id": request_id},
        )
        return parse.answer(reply, national_id=national_id, request_id=request_id)
