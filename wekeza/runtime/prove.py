"""./bank prove: ask the books every proof, print figures and one digest; exit 1 if one fails."""

import argparse
import json
import os
import sys

from wekeza.runtime import servers


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank prove", description=__doc__)
    asked.add_argument("--since", type=int, default=0, metavar="ENTRY", help="only later entries")
    asked.add_argument("--json", action="store_true", help="the same, for a program")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    os.environ.setdefault("DB_STATEMENT_TIMEOUT", "0")
    with servers.running():
        import django

        django.setup()
        try:
            return _ask(since=options.since, show=_as_json if options.json else _as_text)
        finally:
            from django.db import connections

            connections.close_all()


def _ask(*, since: int, show) -> int:
    from django.db import transaction

    from ledger.proofs import queries as proofs
    from wekeza import wiring

    with transaction.atomic():
        # One snapshot, so that figures, digest and proofs speak of the same moment.
        _one_snapshot()
        asked = proofs.prove(since=since, more=wiring.PROOFS)
        figures, digest = proofs.figures(), proofs.digest()
    show(asked, figures, digest)
    return 0 if all(proof.holds for proof in asked) else 1


def _as_text(asked, figures, digest) -> None:
    for proof in asked:
        print(f"{'holds' if proof.holds else 'BROKEN':7}{proof.name}  {proof.seconds:.2f} s")
        for subject, fault in proof.faults:
            print(f"         {subject}: {fault}")
    print(", ".join(f"{count:,} {what}" for what, count in figures.items()))
    print(f"digest {digest}")


def _as_json(asked, figures, digest) -> None:
    proofs = [
        {
            "name": proof.name,
            "holds": proof.holds,
            "faults": [{"subject": subject, "fault": fault} for subject, fault in proof.faults],
            "seconds": round(proof.seconds, 4),
        }
        for proof in asked
    ]
    print(json.dumps({"proofs": proofs, "figures": figures, "digest": digest}, indent=1))


def _one_snapshot() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


if __name__ == "__main__":
    sys.exit(main())
