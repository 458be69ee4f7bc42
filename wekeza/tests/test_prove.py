"""./bank prove, as a person or a program runs it."""

import json
import os
import subprocess
import sys

import psycopg
import pytest

from ledger.factories import LedgerAccountFactory, send
from ledger.proofs import queries as proofs
from wekeza.runtime import env

pytestmark = pytest.mark.django_db(transaction=True)
CHANGE = "UPDATE ledger_balance SET balance = balance + %s WHERE account_id = %s"


def prove(url, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "wekeza.runtime.prove", *arguments],
        cwd=env.ROOT,
        env=os.environ | {"DATABASE_URL": url, "REDIS_URL": "redis://localhost:1/0"},
        capture_output=True,
        text=True,
    )


class TestProve:
    @pytest.mark.proves("LG21", "LG17")
    def test_asks_every_proof_and_fails_by_name_when_one_is_broken(self, empty_bank):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        send(payer, payee, "30")

        sound = prove(empty_bank["app"], "--json")
        with psycopg.connect(empty_bank["owner"]) as owner:
            owner.execute(CHANGE, ["0.01", payee.pk])
        broken = prove(empty_bank["app"])
        with psycopg.connect(empty_bank["owner"]) as owner:
            owner.execute(CHANGE, ["-0.01", payee.pk])

        told = json.loads(sound.stdout)
        names = {proof["name"][:3] for proof in told["proofs"]}
        assert sound.returncode == 0, sound.stderr
        assert names >= {"P01", "P02", "P04", "P05", "P06", "P07", "P09", "P10", "P13", "P16"}
        assert all(proof["holds"] for proof in told["proofs"])
        assert told["digest"] == proofs.digest()
        assert told["figures"]["entries"] == 2
        assert broken.returncode == 1
        assert "BROKEN P06_trial_balance" in broken.stdout
        assert f"account {payee.pk}/0: stands at 30.0100" in broken.stdout
        assert told["digest"] not in broken.stdout
