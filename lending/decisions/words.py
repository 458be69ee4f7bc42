"""Why, in words: each reason with the figure that counted and what would change it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lending.decisions import business_words
from lending.decisions.models import CreditDecision


@dataclass(frozen=True, slots=True)
class Said:
    """One reason as the customer reads it."""

    text: str
    remedy: str = ""


# Code -> what it says, and what would change it. The figures come from the decision.
_REASONS = {
    "DETAILS": (gettext_noop("We are checking your details."), gettext_noop("Call 0700 123 456.")),
    "ON_RECORD": (
        gettext_noop("We hold information that keeps us from lending to you now."),
        gettext_noop("Ask a person to look again."),
    ),
    "ON_RECORD_LOOK": (gettext_noop("A person looks at it."), ""),
    "OPEN_NPL": (
        gettext_noop("The credit bureau has a loan of yours elsewhere that is not being paid."),
        gettext_noop("Pay or settle it, then ask again. You may ask the bureau for your report."),
    ),
    "ACTIVE_LOAN": (
        gettext_noop("You have a loan to pay back first: {number}."),
        gettext_noop("Pay it back, then you can take the next one."),
    ),
    "LIMIT_TOO_SMALL": (
        gettext_noop(
            "Your limit is {limit}: {percent}% of your average deposit of {average}. The smallest "
            "loan is {amount}."
        ),
        gettext_noop("Money that others pay into your account raises it."),
    ),
    "LIMIT_TOO_SMALL_BY_TIER": (
        gettext_noop("Your limit is {limit} at your level. The smallest loan is {amount}."),
        gettext_noop("Raise your level under Settings."),
    ),
    "NOT_AT_LEVEL": (
        gettext_noop("This loan is not lent at your level."),
        gettext_noop("Raise your level under Settings."),
    ),
    "OVER_LEVEL": (
        gettext_noop("At your level this loan is for up to {cap}."),
        gettext_noop("Raise your level under Settings."),
    ),
    "NO_SALARY": (
        gettext_noop(
            "A salary came into your account here in {months} months in a row. This loan takes "
            "{least}."
        ),
        gettext_noop("Have your employer pay your salary into your account here."),
    ),
    "OVER_SALARY": (
        gettext_noop("This loan is for up to {times} times your net salary of {salary}: {most}."),
        gettext_noop("It grows with the salary that comes into your account here."),
    ),
    "SHARE_OF_INCOME": (
        gettext_noop(
            "Instalments may take {percent}% of your income of {income} a month: {most}. Other "
            "loans take {dues} of it, and all that you asked for would take {instalment}."
        ),
        gettext_noop("Ask for less or for more months, or pay a loan back first."),
    ),
    "SHARE_OF_INCOME_SEEN": (
        gettext_noop(
            "You told us {stated} a month; {income} a month came into your account, and that "
            "counts. Instalments may take {percent}% of it: {most}. Other loans take {dues} of "
            "that, and all that you asked for would take {instalment}."
        ),
        gettext_noop("Have your pay come into your account here, or ask for less or more months."),
    ),
    "PAY_LEFT": (
        gettext_noop(
            "After instalments one part of {part} of your gross pay of {gross} must stay: {least}. "
            "This loan would take {instalment} and leave {left}."
        ),
        gettext_noop("Ask for less or for more months, or pay a loan back first."),
    ),
    "BY_PERSON": (gettext_noop("A person looks at every application for this loan."), ""),
    "LESS_THAN_ASKED": (
        gettext_noop("Your limit is {limit}: {percent}% of your average deposit of {average}."),
        gettext_noop("Money that others pay into your account raises it."),
    ),
    "LESS_THAN_ASKED_BY_TIER": (
        gettext_noop("Your limit is {limit} at your level."),
        gettext_noop("Raise your level under Settings."),
    ),
    "BUREAU_SILENT": (
        gettext_noop("The credit bureau did not answer, so a person looks at it."),
        "",
    ),
    "LOOKED_AT": (gettext_noop("A person looks at it."), ""),
    "LARGE": (gettext_noop("A loan of {amount} is looked at by a person."), ""),
    "KYC_TIER": (
        gettext_noop("Your level of identification counts {points} of {most} points."),
        gettext_noop("Add your papers under Settings, Your level."),
    ),
    "BUREAU": (
        gettext_noop("What the bureau knows of your loans counts {points} of {most} points."),
        gettext_noop("Loans that you pay back on time raise it."),
    ),
    "BUREAU_ENQUIRIES": (
        gettext_noop("The bureau was asked about you {fact} times in three months."),
        gettext_noop("Ask fewer lenders at a time."),
    ),
    "DEPOSITS_30_DAYS": (
        gettext_noop("Money came into your account {fact} times in 30 days."),
        gettext_noop("From four times on it counts most."),
    ),
    "DEPOSITS_TO_AMOUNT": (
        gettext_noop("What came in during 30 days is {fact} times what you asked for."),
        gettext_noop("Ask for less, or wait for more to come in."),
    ),
    "HELD_AFTER_48_HOURS_PERCENT": (
        gettext_noop("Two days after money came in, {fact}% of it was still here."),
        gettext_noop("Money that stays longer than two days counts. Above 60% counts most."),
    ),
    "PHONE_IS_THEIRS": (
        gettext_noop("We could not confirm that your phone is registered in your name."),
        gettext_noop("Register the line in your name, or use one that is."),
    ),
    "EMPLOYMENT": (
        gettext_noop("How you earn counts {points} of {most} points."),
        gettext_noop("Tell us when your work changes."),
    ),
    "TENURE_MONTHS": (
        gettext_noop("You have banked here for {fact} months."),
        gettext_noop("It counts more with time."),
    ),
    "MONTHLY_INFLOW": (
        gettext_noop("On average KES {fact} a month came into your account in half a year."),
        gettext_noop("Have your wages or sales paid in here."),
    ),
    "MONTHS_WITH_INFLOW": (
        gettext_noop("Money came in during {fact} of the last 6 months."),
        gettext_noop("Every month counts."),
    ),
    "DEBT_SERVICE_PERCENT": (
        gettext_noop("Your loans would take {fact}% of what comes in during a month."),
        gettext_noop("Ask for less, or pay a loan back first."),
    ),
    "REPAYMENT": (
        gettext_noop("How you paid loans here counts {points} of {most} points."),
        gettext_noop("Loans paid on time raise it."),
    ),
    "FAILED_DEBITS": (
        gettext_noop("On {fact} due dates in half a year the money was not there."),
        gettext_noop("Keep what is due in your account on its day."),
    ),
    "MONTHS_ABOVE_1000": (
        gettext_noop("In {fact} of the last 6 months you kept KES 1,000 or more."),
        gettext_noop("Keep a little in the account."),
    ),
} | business_words.REASONS  # fmt: skip


# Why an application went to a person; once one has decided, that is no reason any more.
_TO_A_PERSON = {"BUREAU_SILENT", "BY_PERSON", "LARGE", "LOOKED_AT", "ON_RECORD_LOOK", "PAPERS"}


def reasons_of(decision: CreditDecision) -> list[Said]:
    """
    This will say a decision's reasons in the reader's language: first what an officer wrote who
    refused or lends less than was asked for, then those of the rules, the heaviest first.
    """
    by_person = decision.overrides_id is not None
    said = []
    if by_person and (decision.is_refused or decision.money < decision.application.money):
        said = [Said(_("Our officer writes: {why}").format(why=decision.why))]
    for reason in decision.reasons:
        if by_person and reason["code"] in _TO_A_PERSON:
            continue
        text, remedy = _REASONS[reason["code"]]
        facts = {name: value or "0" for name, value in reason["facts"].items()}
        said.append(Said(_(text).format(**facts), _(remedy) if remedy else ""))
    return said
