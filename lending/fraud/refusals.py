"""What is refused to whoever looks into fraud. Staff alone read it."""

from wekeza.kit.errors import Refusal


class NoSuchLoanApplication(Refusal):
    code = "no_such_loan_application"
    status = 404
    text = "There is no such application."


class NoFraudCase(Refusal):
    code = "no_fraud_case"
    status = 404
    text = "Nothing about this application was flagged."


class NoteMissing(Refusal):
    code = "fraud_note_missing"
    status = 422
    text = "Write down what you found or did, in a few words."


class CaseDecided(Refusal):
    code = "fraud_case_decided"
    status = 409
    text = "This case was decided already. Nothing was changed."


class CaseNotTaken(Refusal):
    code = "fraud_case_not_taken"
    status = 409
    text = "Take the case first."


class AboutYourself(Refusal):
    code = "fraud_about_yourself"
    status = 403
    text = "This is about you. Somebody else looks at it."


class AlreadyMarked(Refusal):
    code = "fraud_already_marked"
    status = 409
    text = "It is marked already."


class MarkEnded(Refusal):
    code = "fraud_mark_ended"
    status = 409
    text = "It is off the list already. Nothing was changed."


class MarkOver(Refusal):
    code = "fraud_mark_over"
    status = 422
    text = "This day has passed. Choose a later one, or leave it empty."


class BadMark(Refusal):
    """Facts: kind, as staff call it."""

    code = "bad_fraud_mark"
    status = 422
    text = "This is no {kind}. Look at it again."


class UnderInvestigation(Refusal):
    code = "under_investigation"
    status = 409
    text = "Risk looks at this application. It can be approved once they have cleared it."
