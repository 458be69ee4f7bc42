"""What an answer means, by the thresholds of the day."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.registry import names
from accounts.registry.answers import Answer, Facts, Result
from accounts.registry.models import IdentityCheck, MatchThreshold
from accounts.registry.states import CheckState

Limit = MatchThreshold.Kind
BOUNDS = {
    IdentityCheck.Kind.ID: (Limit.ID_NAMES_MATCH, Limit.ID_NAMES_PARTIAL),
    IdentityCheck.Kind.PHONE: (Limit.PHONE_NAMES_MATCH, Limit.PHONE_NAMES_PARTIAL),
}


@dataclass(frozen=True)
class Verdict:
    """The state it leads to, 0 to 100 by field, and the customer's names that differ."""

    state: str
    scores: Mapping[str, int]
    differing: tuple[str, ...] = ()


def judge(kind: str, answer: Answer, facts: Facts, *, limits: Mapping[str, int]) -> Verdict:
    """
    This will weigh an answer: names by their likeness, everything else by yes or no. Of the dead
    nothing matches, whatever name they had.
    """
    if answer.result == Result.NOT_FOUND:
        return Verdict(CheckState.NOT_FOUND, {})
    scores, differing = dict(answer.scores), answer.differing
    if answer.names:
        likeness = names.compare(facts.full_name, answer.names, same_from=limits[Limit.SAME_NAME])
        scores["names"], differing = likeness.percent, likeness.differing
    if answer.born is not None:
        scores["date_of_birth"] = 100 if answer.born == facts.date_of_birth else 0
    if answer.is_deceased:
        return Verdict(CheckState.MISMATCH, scores, differing)
    match, partial = (limits[bound] for bound in BOUNDS[kind])
    state = _state(scores, match=match, partial=partial)
    return Verdict(state, scores, () if state == CheckState.MATCH else differing)


def _state(scores: Mapping[str, int], *, match: int, partial: int) -> str:
    others_agree = all(score == 100 for field, score in scores.items() if field != "names")
    likeness = scores.get("names")
    if likeness is None:  # A provider that says nothing of the name confirms nobody.
        return CheckState.PARTIAL if others_agree else CheckState.MISMATCH
    if likeness >= match:
        return CheckState.MATCH if others_agree else CheckState.PARTIAL
    return CheckState.PARTIAL if likeness >= partial and others_agree else CheckState.MISMATCH
