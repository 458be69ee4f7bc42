"""One client of `./bank bench decision`: decides its people's applications, prints how long."""

import json
import sys
import time
from collections import Counter
from uuid import uuid4

import django

GATE = 77  # The advisory lock behind which clients wait for each other.


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone

    from accounts.customers.models import Customer
    from lending.decisions import operations
    from lending.factories import wish

    first, each, url = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    settings.METROPOL_URL = url
    settings.METROPOL_PUBLIC_KEY = settings.METROPOL_PRIVATE_KEY = "bench"
    found = Customer.objects.select_related("user").order_by("pk")[first : first + each]
    people, taken, results, asked = list(found), [], Counter(), wish(amount="5000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [GATE])
    start = time.time()
    for customer in people:
        at, began = timezone.now(), time.perf_counter()
        row = operations.apply(customer, wish=asked, reference=uuid4(), at=at, actor=customer.actor)
        row = operations.answer(row, at=at)
        taken.append((time.perf_counter() - began) * 1000)
        results[row.state] += 1
    print(json.dumps({"ms": taken, "began": start, "ended": time.time(), "results": results}))


if __name__ == "__main__":
    main()
