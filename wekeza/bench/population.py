"""Makes the customers of a bench: each registered, each with one account and money in it."""

import sys

import django


def main() -> None:
    django.setup()
    from accounts.factories import CustomerFactory, DepositAccountFactory, UserFactory

    first, size = int(sys.argv[1]), int(sys.argv[2])
    for factory in (CustomerFactory, UserFactory):
        factory.reset_sequence(first)
    for _ in range(size):
        DepositAccountFactory(balance="20000")


if __name__ == "__main__":
    main()
