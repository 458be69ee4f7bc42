"""
Makes the customers of a bench: each registered, each with one account and money in it. It prints,
as JSON, how each of them signs in.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from accounts.factories import (
        PASSWORD,
        PIN,
        CustomerFactory,
        DepositAccountFactory,
        UserFactory,
    )

    first, size = int(sys.argv[1]), int(sys.argv[2])
    for factory in (CustomerFactory, UserFactory):
        factory.reset_sequence(first)
    accounts = [DepositAccountFactory(balance="20000") for _ in range(size)]
    people = {account.number: account.customer.user.email for account in accounts}
    print(json.dumps({"people": people, "password": PASSWORD, "pin": PIN}))


if __name__ == "__main__":
    main()
