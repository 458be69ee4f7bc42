"""
A client of a bureau's report API as Metropol publishes it (v2_1): each request is signed by SHA-256
over the private key, the body as it is sent, the public key and the moment.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from lending.bureau import parse
from lending.bureau.answers import Report
from wekeza.kit import questions

NAME = "METROPOL"
CREDIT_INFO, NEW_APPLICATION = 8, 1  # The bureau's own codes, these and those of what identifies.
NATIONAL_ID, REGISTRATION = "001", "005"


@dataclass(frozen=True)
class Client:
    """One subscription. `base_url` is the bureau's, or a simulator's."""

    base_url: str
    public_key: str
    private_key: str

    def report_on(
        self, *, number: str, amount: int, at: datetime, kind: str = NATIONAL_ID
    ) -> Report:
        """
        This will ask how the holder of a national ID repays, or the company of a registration
        number (`kind`), for an application of so many whole shillings. It goes over the network:
        never inside a transaction.
        """
        body = json.dumps(
            {
                "report_type": CREDIT_INFO,
                "identity_number": number,
                "identity_type": kind,
                "loan_amount": amount,
                "report_reason": NEW_APPLICATION,
            }
        )
        reply = questions.post(
            f"{self.base_url.rstrip('/')}/v2_1/report/credit_info",
            body=body,
            headers=signed(body, at=at, public_key=self.public_key, private_key=self.private_key),
        )
        return parse.report(reply, number=number, at=at)


def signed(body: str, *, at: datetime, public_key: str, private_key: str) -> dict[str, str]:
    """This will give the headers that sign a body at a moment."""
    moment = at.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")
    mark = sha256(f"{private_key}{body}{public_key}{moment}".encode()).hexdigest()
    return {
        "X-METROPOL-REST-API-KEY": public_key,
        "X-METROPOL-REST-API-TIMESTAMP": moment,
        "X-METROPOL-REST-API-HASH": mark,
    }
