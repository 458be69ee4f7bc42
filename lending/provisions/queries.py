"""Looking at what loans may lose."""

from ledger.vouchers.kept import Kept

# P24 ties them to the last run.
KEPT = Kept(
    lines=frozenset({"1340", "1341", "1342", "3040"}),
    kinds=frozenset({"LOAN_PROVISION"}),
    instead=(
        "The last night of a month books what loans may lose. Have the terms of the model changed, "
        "and the next run books the difference."
    ),
)
