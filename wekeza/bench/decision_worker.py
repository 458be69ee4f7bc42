"""One client of `./bank bench decision`: decides its people's applications, prints how long."""

import json
import sys
import time
from collections import Counter
from uuid import uuid4

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from accounts.customers.models import Customer
    from lending.decisions import operations
    from lending.factories import wish

    first, each, url, nth = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    settings.METROPOL_URL = url
    settings.METROPOL_PUBLIC_KEY = settings.METROPOL_PRIVATE_KEY = "bench"
    people = Customer.objects.select_related("user").order_by("pk")[first : first + each]
    taken, results, asked = [], Counter(), wish(amount="5000")
    for customer in list(people):
        at = timezone.now()
        for open_one in customer.loan_applications.all():  # Of the round before.
            if open_one.is_open:
                operations.applications.withdraw(open_one, at=at, actor=customer.actor)
        began = time.perf_counter()
        row = operations.apply(customer, wish=asked, reference=uuid4(), at=at, actor=customer.actor)
        row = operations.answer(row, at=at)
        taken.append((time.perf_counter() - began) * 1000)
        results[row.state] += 1
    print(json.dumps({"ms": taken, "seconds": sum(taken) / 1000, "results": results, "round": nth}))


if __name__ == "__main__":
    main()
