"""Why a business was answered so, in the words of `words`."""

from django.utils.translation import gettext_noop

REASONS = {
    "NO_COVER": (
        gettext_noop(
            "In {months} months the business earns {earned}, and its loans would take {takes}."
        ),
        gettext_noop("Ask for less, or for a longer time, or pay another loan back first."),
    ),
    "THIN_COVER": (
        gettext_noop(
            "What the business earns pays its instalments {cover} times over; we want {wanted}."
        ),
        gettext_noop("Ask for less, or for a longer time."),
    ),
    "PAPERS": (gettext_noop("A person reads the papers that you sent."), ""),
    "TURNOVER_TOO_SMALL": (
        gettext_noop(
            "Your limit is {limit}, by your turnover, your sector and how you show it. The "
            "smallest loan is {amount}."
        ),
        gettext_noop("Audited accounts and VAT returns count more than other papers, or none."),
    ),
    "EARNINGS_TOO_SMALL": (
        gettext_noop(
            "Your limit is {limit}, by what the business earns. The smallest loan is {amount}."
        ),
        gettext_noop("A longer time, or higher earnings, raise it."),
    ),
    "LESS_BY_TURNOVER": (
        gettext_noop("Your limit is {limit}, by your turnover, your sector and how you show it."),
        gettext_noop("Audited accounts and VAT returns count more than other papers, or none."),
    ),
    "LESS_BY_EARNINGS": (
        gettext_noop("Your limit is {limit}, by what the business earns."),
        gettext_noop("A longer time, or higher earnings, raise it."),
    ),
    "LESS_BY_MOST": (
        gettext_noop("Your limit is {limit}: without security we lend no more."),
        gettext_noop("Offer a guarantee or a debenture."),
    ),
    "YEARS_TRADING": (
        gettext_noop("The business has traded for {fact} years."),
        gettext_noop("It counts more with time."),
    ),
    "EVIDENCE": (
        gettext_noop("How you show your turnover counts {points} of {most} points."),
        gettext_noop("Audited accounts count most, then VAT returns, then bank statements."),
    ),
    "TURNOVER_HERE_PERCENT": (
        gettext_noop("In a year {fact}% of your turnover came into your account here."),
        gettext_noop("Have your customers pay here. From 60% on it counts most."),
    ),
    "TURNOVER_TREND_PERCENT": (
        gettext_noop("Against the half year before, what came in changed by {fact}%."),
        gettext_noop("Growth counts. Nothing is known before a year here."),
    ),
    "DSCR": (
        gettext_noop("What the business earns pays its instalments {fact} times over."),
        gettext_noop("Ask for less, or for a longer time. From twice on it counts most."),
    ),
    "SECTOR": (
        gettext_noop("Your sector counts {points} of {most} points."),
        gettext_noop("Better figures elsewhere make up for it."),
    ),
    "BOUNCED_ITEMS": (
        gettext_noop("On {fact} due dates in a year the money was not there."),
        gettext_noop("Keep what is due in your account on its day."),
    ),
    "LARGEST_CUSTOMER_PERCENT": (
        gettext_noop("Your largest customer brings {fact}% of your turnover."),
        gettext_noop("Below 30% it counts most."),
    ),
    "SECURITY_PERCENT": (
        gettext_noop("Your security is worth {fact}% of the loan."),
        gettext_noop("Offer a guarantee or a debenture."),
    ),
}
