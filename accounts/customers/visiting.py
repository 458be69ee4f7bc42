"""Who looks at a page of the customers' own."""

from django.http import Http404

from accounts.customers import queries
from accounts.customers.models import Customer
from accounts.customers.refusals import NoSuchCustomer


def visitor(request) -> Customer:
    """
    This will give the customer who looks at a page.

    :raises Http404: for staff, and for somebody who is still registering.
    """
    try:
        return queries.one_by(request.actor)
    except NoSuchCustomer as refusal:
        raise Http404 from refusal
