"""What the national register and the phone's network say about a customer, beside the documents."""

from accounts.kyc.refusals import IdentityDoubtful
from accounts.registry import queries as registry


def checks_of(customer) -> list:
    """This will give the newest check of each kind, for the page of a review."""
    return registry.checks_of(customer)


def refuse_doubtful(customer) -> None:
    """
    This will let nobody pass of whom the register or the network said no. While they have not
    answered, the papers that two persons see carry the tier (kenya.md 7.1 asks for reliable
    documents, and names no register); a no that comes later waits in the officers' queue.

    :raises IdentityDoubtful: if an answer is there, is no yes, and no officer settled it.
    """
    if any(not check.is_open and not check.is_confirmed for check in checks_of(customer)):
        raise IdentityDoubtful
