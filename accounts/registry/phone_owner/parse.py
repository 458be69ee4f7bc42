"""Reading what a network says about a phone's owner: "true", "false" or "not_available"."""

from accounts.registry.answers import Answer, Result
from wekeza.kit.questions import Reply

FIELDS = {"nameMatch": "names", "idDocumentMatch": "national_id", "birthdateMatch": "date_of_birth"}
UNKNOWN_PHONE = {"IDENTIFIER_NOT_FOUND", "USER_NOT_FOUND"}
OTHER_ID = "KNOW_YOUR_CUSTOMER.ID_DOCUMENT_MISMATCH"


def answer(reply: Reply, *, given: str, family: str, request_id: str) -> Answer:
    """This will turn a reply into an answer about one phone."""
    said = reply.said
    known = {"reference": request_id, "raw": reply.text}
    if reply.status == 404 and said.get("code") in UNKNOWN_PHONE:
        return Answer(Result.NOT_FOUND, **known)
    if reply.status == 403 and said.get("code") == OTHER_ID:
        return Answer(Result.FOUND, scores={"national_id": 0}, **known)
    if reply.status != 200 or not said:
        return Answer(Result.NO_ANSWER, error=reply.error or f"HTTP {reply.status}")
    scores = {
        ours: score
        for theirs, ours in FIELDS.items()
        if (score := _score(said, theirs)) is not None
    }
    if not scores:  # The network keeps nothing about this owner.
        return Answer(Result.NOT_FOUND, **known)
    parts = {"givenNameMatch": given, "familyNameMatch": family}
    differing = tuple(name for part, name in parts.items() if said.get(part) == "false")
    return Answer(Result.FOUND, scores=scores, differing=differing, **known)


def _score(said: dict, name: str) -> int | None:
    """100 for "true"; the network's own score for "false", 0 without one; None if not available."""
    match said.get(name):
        case "true":
            return 100
        case "false":
            score = said.get(f"{name}Score", 0)
            return min(max(score, 0), 99) if type(score) is int else 0
    return None
