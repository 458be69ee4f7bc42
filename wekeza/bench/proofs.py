"""Asks every proof of the books that a bench has filled, and prints what they found as JSON."""

import json

import django


def main() -> None:
    django.setup()
    from ledger.proofs import queries as proofs
    from wekeza import wiring

    asked = proofs.prove(more=wiring.PROOFS)
    print(
        json.dumps(
            {
                "asked": len(asked),
                "broken": [proof.name for proof in asked if not proof.holds],
                "seconds": round(sum(proof.seconds for proof in asked), 1),
                **proofs.figures(),
            }
        )
    )


if __name__ == "__main__":
    main()
