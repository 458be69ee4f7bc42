"""
Security questions: a hurdle on the way to a new password, and never a way in (X16). A bank asks
them only while a dated row of PasswordPolicy says so; the answers are Argon2id hashes.
"""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import passwords, policy
from accounts.access.models import User, count_try, is_locked
from accounts.access.password_models import SecurityAnswer
from accounts.access.refusals import CodeLocked
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.encryption import blind_index
from wekeza.kit.errors import Refusal

LEAST = 2  # So many questions are chosen, and all that were chosen are asked.


class WrongAnswer(Refusal):
    """An answer is not the one that was given. Which of them is not said."""

    code = "wrong_answer"
    text = _("These answers are not the ones you gave us. Check them, or call us")


class TooFewAnswers(Refusal):
    """Fewer questions were answered than the bank asks for. Facts: least."""

    code = "too_few_answers"
    status = 422
    text = _("Answer {least} different questions")


def asked_of(user: User, *, at: datetime) -> list[SecurityAnswer]:
    """This will give the questions that a reset of this login's password asks; often none."""
    if not passwords.policy_at(at).asks_questions:
        return []
    return list(SecurityAnswer.objects.filter(user=user).order_by("id"))


@transaction.atomic
def choose(user: User, *, answers: Mapping[str, str], at: datetime, actor: Actor) -> None:
    """
    This will put new answers (question code to words) in place of a login's present ones.

    :raises TooFewAnswers: if there are fewer than two.
    """
    if len(answers) < LEAST:
        raise TooFewAnswers(least=LEAST)
    SecurityAnswer.objects.filter(user=user).delete()
    for question, words in answers.items():
        SecurityAnswer.objects.create(
            user=user, question=question, answer_hash=make_password(_kept(words, user))
        )
    audit.record(actor=actor, deed="access.answers_chosen", subject=user)


def check(user: User, *, answers: Mapping[str, str], at: datetime) -> None:
    """
    This will accept the answers (question code to words) of a login, all of them or none; a
    transaction of its own, so that a wrong try stays counted.

    :raises WrongAnswer: if any is not right.
    :raises CodeLocked: at the fifth wrong try, and for 30 minutes after it.
    """
    with transaction.atomic(durable=True):
        rows = list(SecurityAnswer.objects.select_for_update().filter(user=user).order_by("id"))
        for row in rows:
            if is_locked(row, at=at):
                raise CodeLocked.over(row.locked_until)
        # Every answer is looked at, so that the time tells nothing about which one is wrong.
        right = [
            check_password(_kept(answers.get(row.question, ""), user), row.answer_hash)
            for row in rows
        ]
        for row in rows:
            count_try(row, is_right=all(right), most=policy.CODE_TRIES, at=at)
    if all(right):
        return
    if rows and is_locked(rows[0], at=at):
        raise CodeLocked.over(rows[0].locked_until)
    raise WrongAnswer


def _kept(words: str, user: User) -> str:
    """Capitals and spaces do not count: nobody remembers those."""
    plain = "".join(words.casefold().split())
    return blind_index(f"{user.pk}:{plain}", context="access.answer")
