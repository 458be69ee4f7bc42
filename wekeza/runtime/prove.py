"""./bank prove: ask the books every proof, print figures and one digest; exit 1 if one fails."""

import argparse
import os
import sys

from wekeza.runtime import servers


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank prove", description=__doc__)
    asked.add_argument("--since", type=int, default=0, metavar="ENTRY", help="only later entries")
    since = asked.parse_args().since
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    os.environ.setdefault("DB_STATEMENT_TIMEOUT", "0")
    with servers.running():
        import django

        django.setup()
        try:
            return _ask(since)
        finally:
            from django.db import connections

            connections.close_all()


def _ask(since: int) -> int:
    from django.db import transaction

    from ledger.proofs import queries as proofs
    from wekeza import wiring

    broken = 0
    with transaction.atomic():
        # One snapshot, so that figures, digest and proofs speak of the same moment.
        _one_snapshot()
        for proof in proofs.prove(since=since, more=wiring.PROOFS):
            print(f"{'holds' if proof.holds else 'BROKEN':7}{proof.name}  {proof.seconds:.2f} s")
            for subject, fault in proof.faults:
                print(f"         {subject}: {fault}")
            broken += not proof.holds
        figures = proofs.figures()
        digest = proofs.digest()
    print(", ".join(f"{count:,} {what}" for what, count in figures.items()))
    print(f"digest {digest}")
    return 1 if broken else 0


def _one_snapshot() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


if __name__ == "__main__":
    sys.exit(main())
