"""Asks every proof of the books that a bench has filled, and prints what they found as JSON."""

import json

import django

HASHES = "P19"  # The seals: every entry is hashed anew.


def main() -> None:
    django.setup()
    from ledger.proofs import queries as proofs
    from wekeza import wiring

    asked = proofs.prove(more=wiring.PROOFS)
    figures = proofs.figures()
    unsealed = sum(proof.seconds for proof in asked if not proof.name.startswith(HASHES))
    print(
        json.dumps(
            {
                "asked": len(asked),
                "broken": [proof.name for proof in asked if not proof.holds],
                "seconds": round(sum(proof.seconds for proof in asked), 1),
                "seconds_without_hashes": round(unsealed, 2),
                "millions_of_postings_a_second": round(figures["postings"] / unsealed / 1e6, 2),
                "slowest": {
                    proof.name: round(proof.seconds, 2)
                    for proof in sorted(asked, key=lambda proof: -proof.seconds)[:4]
                },
                **figures,
            }
        )
    )


if __name__ == "__main__":
    main()
