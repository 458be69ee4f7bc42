"""What officers call the steps of the calendar, and whose cases they look for."""

from lending.collections.models import Act

MINE, NOBODY = "mine", "nobody"

# Customers read `Act` in words of their own.
ACTS = {
    Act.TEXT: "Text",
    Act.CALL: "Call",
    Act.LETTER: "Letter",
    Act.NOTICE: "Notice before listing at the bureau",
    Act.DEMAND: "Demand",
    Act.RECOVERY: "Hand to the recovery unit",
}
