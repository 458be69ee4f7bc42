"""What the monitor refuses."""

from wekeza.kit.errors import Refusal


class BadParameters(Refusal):
    code = "bad_parameters"
    status = 422
    text = "These parameters do not fit the rule: {why}"


class BadSpanOfDays(Refusal):
    code = "bad_span_of_days"
    status = 422
    text = "Try the rule on a span of 1 to {most} days that has begun; this one has {days}."


class RuleTooEarly(Refusal):
    code = "rule_too_early"
    status = 422
    text = "A rule holds from today on, or from a later day. What has been stays as it was."


class NothingNew(Refusal):
    code = "nothing_new"
    status = 409
    text = "Version {version} of the rule says the same already."


class VersionTaken(Refusal):
    code = "version_taken"
    status = 409
    text = "Version {version} was published meanwhile. Look at it, and ask again."


class NoteMissing(Refusal):
    code = "note_missing"
    status = 422
    text = "Write down what you found or did, in a few words."


class NotYours(Refusal):
    code = "not_yours"
    status = 403
    text = "This takes the permission {permission}, which you do not hold."


class AboutYourself(Refusal):
    code = "about_yourself"
    status = 404
    text = "There is no such record."  # Nobody learns that something is about them.


class NotTaken(Refusal):
    code = "not_taken"
    status = 409
    text = "This alert is {state}. Take it first; what is closed or in a case stays so."


class SuspicionMissing(Refusal):
    code = "suspicion_missing"
    status = 422
    text = "Say when the suspicion was formed: the two days to report are counted from then."


class SuspicionOutOfTime(Refusal):
    code = "suspicion_out_of_time"
    status = 422
    text = "The suspicion was formed between {earliest} and now, not then."


class ReportMissing(Refusal):
    code = "report_missing"
    status = 422
    text = "Enter the number under which the Financial Reporting Centre took the report."


class NoVerdict(Refusal):
    code = "no_verdict"
    status = 422
    text = "Choose one: report it, or close it without a report."
