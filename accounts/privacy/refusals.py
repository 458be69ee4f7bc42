"""Why a request about data, or a look at a file, is not taken."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class PurposeMissing(Refusal):
    """A file is opened for one of the purposes that customers are told of, or not at all."""

    code = "purpose_missing"
    status = 422
    text = _("Say why you open this file")


class OwnFile(Refusal):
    """Nobody opens their own file as staff, nor lets others into it."""

    code = "own_file"
    status = 403
    text = _("This is your own file. A colleague looks after it")


class WordsMissing(Refusal):
    """An objection that does not say to what, or an answer without words."""

    code = "words_missing"
    status = 422
    text = _("Say it in a sentence")


class AlreadyAsked(Refusal):
    """The same request has not been answered yet. Facts: due (a day in words)."""

    code = "already_asked"
    status = 409
    text = _("You asked for this already. We answer by {due}")


class AlreadyAnswered(Refusal):
    """Somebody else has answered it."""

    code = "already_answered"
    status = 409
    text = _("This request has been answered. Look again")


class NoSuchRequest(Refusal):
    """It is another customer's, or nothing at all: both look the same."""

    code = "no_such_request"
    status = 404
    text = _("There is no such request of yours")
