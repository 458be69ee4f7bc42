"""What a rule found, as staff read it. No customer's page says any of this."""

from datetime import datetime

from lending.fraud.models import FraudFlag, Rule
from wekeza.kit import words

_FOUND = {
    Rule.DUPLICATE: "Applications for the same loan in {hours} hours before this one: {others}.",
    Rule.VELOCITY: "{count} applications in {hours} hours, with this one.",
    Rule.SHARED_DEVICE: (
        "{count} customers applied from this device in {days} days. The others: {customers}."
    ),
    Rule.PHONE_NOT_OWNED: "The network answered on {asked}: {answer}.",
    Rule.PHONE_CHANGED_LATELY: "The phone was changed on {changed}.",
    Rule.INCOME: "They state {stated} a month; {observed} a month came in.",
    Rule.NEW_AND_AT_MOST: "The account is {days} days old; they ask for all of {most}.",
    Rule.CHANGED_LATELY: "The phone was changed on {changed}.",
    Rule.ID_MISMATCH: "The register answered on {asked}: {answer}.",
    Rule.PAPER_REUSED: "The same file ({papers}) was sent by {customers}.",
    Rule.EMPLOYER: "On the list of known fraud, and pays their salary: {businesses}.",
    Rule.HURRIED: "The form came from {sender}, {seconds} seconds after its page.",
    Rule.KNOWN_FRAUD: "On the list of known fraud: {kinds}.",
    Rule.ROUND_TRIP: "{count} deposits left again within {hours} hours.",
}


def found(flag: FraudFlag) -> str:
    """This will say what a rule found."""
    facts = dict(flag.facts)
    if "changed" in facts:
        facts["changed"] = words.moment(datetime.fromisoformat(facts["changed"]))
    return _FOUND[flag.rule].format(**facts)
