"""Why a case was not taken on; officers read these."""

from wekeza.kit.errors import Refusal


class CaseChanged(Refusal):
    code = "case_changed"
    status = 409
    text = "This case changed while you read it. Read it again, then decide."


class OwnCase(Refusal):
    code = "own_case"
    status = 403
    text = "This case is about you. Leave it to a colleague."
