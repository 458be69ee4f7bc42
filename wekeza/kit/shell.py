"""What all pages share: the tabs, the help line, the words of every state, and small bounds."""

from django.utils.translation import gettext_lazy, pgettext_lazy

LONGEST_HERO = len("100,000")  # A longer figure is set smaller, to stand on one line of a phone.
MOST_STEP_LABELS = 3  # More do not fit beside each other on a phone: it shows the current one.
MOST_FILTERS = 3
HELP_PHONE = "0700 123 456"
HELP_PHONE_LINK = "tel:+254700123456"


def boxes_in_sight(boxes: list) -> int:
    """This will say how many boxes of a filter bar stand in sight: up to the one for words."""
    if len(boxes) <= MOST_FILTERS:
        return len(boxes)
    types = [getattr(box.field.widget, "input_type", "") for box in boxes]
    return types.index("search") + 1 if "search" in types else 1


# The tabs that have behaviour (decision 31); their first words stand in wekeza/urls.py.
TABS = (
    ("/", "home", gettext_lazy("Home")),
    ("/borrow/", "borrow", gettext_lazy("Borrow")),
    ("/move/", "move", gettext_lazy("Move")),
    ("/save/", "save", pgettext_lazy("tab", "Save")),
    ("/view/", "view", gettext_lazy("View")),
    ("/settings/", "gear", gettext_lazy("Settings")),
)

LOGIN_PAGES = "/access/"  # A signed-in customer comes to these from Settings.

# One vocabulary of states for every page: code -> words, colour, icon (ux.md 3.3).
STATUSES = {
    "DRAFT": (gettext_lazy("Not sent"), "", ""),
    "STARTED": (gettext_lazy("Pending"), "info", "clock"),
    "PENDING": (gettext_lazy("Pending"), "info", "clock"),
    "SENT": (gettext_lazy("Sent"), "ok", "check"),
    "PAID": (gettext_lazy("Paid"), "ok", "check"),
    "FAILED": (gettext_lazy("Failed"), "err", "alert"),
    "UNKNOWN": (gettext_lazy("We don’t know yet"), "warn", "clock"),
    "REVERSED": (gettext_lazy("Returned"), "", "undo"),
    "RETURNED": (gettext_lazy("Returned"), "", "undo"),
    "CANCELLED": (gettext_lazy("Cancelled"), "", ""),
    "EXPIRED": (gettext_lazy("Expired"), "", ""),
    "ACTIVE": (gettext_lazy("Active"), "ok", ""),
    "CHECKING": (gettext_lazy("We are checking your details"), "info", "clock"),
    "FROZEN": (gettext_lazy("Frozen"), "warn", "lock"),
    "SUSPENDED": (gettext_lazy("Suspended"), "warn", "lock"),
    "CLOSED": (gettext_lazy("Closed"), "", ""),
    "WAITING": (gettext_lazy("Waiting for approval"), "info", "clock"),
    "UPLOADED": (gettext_lazy("Uploaded"), "info", "check"),
    "STAGED": (gettext_lazy("Waiting for us"), "info", "clock"),
    "ACCEPTED": (gettext_lazy("Accepted"), "ok", "check"),
    "DECLINED": (gettext_lazy("Not accepted"), "err", "alert"),
    "ENDING": (gettext_lazy("Ends soon"), "warn", "clock"),
    "MISSING": (gettext_lazy("Missing"), "", ""),
    "ASKED": (gettext_lazy("Being looked at"), "info", "clock"),
    "REFERRED": (gettext_lazy("With a person"), "info", "clock"),
    "APPROVED": (gettext_lazy("Approved"), "ok", "check"),
    "REFUSED": (gettext_lazy("Not today"), "", ""),
    "TAKEN": (gettext_lazy("Paid out"), "ok", "check"),
    "WITHDRAWN": (gettext_lazy("Given up"), "", ""),
    "LATE": (gettext_lazy("Late"), "warn", "alert"),
}

NOTE_ICONS = {"warn": "alert", "err": "alert", "ok": "check", "brand": "shield", "info": "info"}
