"""A client of CAMARA's KYC Match (GSMA Open Gateway): the network itself compares."""

from dataclasses import dataclass

from accounts.registry.answers import Answer, Facts
from accounts.registry.phone_owner import parse
from wekeza.kit import questions

NAME = "KYC-MATCH"


@dataclass(frozen=True)
class Client:
    """One subscription to a network's interface. `base_url` is the network's, or a simulator's."""

    base_url: str
    token: str

    def match(self, facts: Facts, *, request_id: str) -> Answer:
        """This will ask whether a phone is registered to this name and national ID."""
        given, _, rest = facts.full_name.partition(" ")
        family = rest.rpartition(" ")[2] or given
        reply = questions.post(
            f"{self.base_url.rstrip('/')}/kyc-match/v0.3/match",
            token=self.token,
            body={
                "phoneNumber": facts.phone,
                "idDocument": facts.national_id,
                "name": facts.full_name,
                "givenName": given,
                "familyName": family,
                "birthdate": facts.date_of_birth.isoformat(),
            },
            headers={"x-correlator": request_id},
        )
        return parse.answer(reply, given=given, family=family, request_id=request_id)
