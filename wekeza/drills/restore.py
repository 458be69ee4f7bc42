"""
./bank drill restore: back to a moment before the last deeds, and what damage is noticed (G16).

A scratch server whose log goes to an archive as it is written; deeds of customers; a base backup;
more deeds with the digest of all balances noted at moments; then the server is killed while it
posts, and its files are deleted. Each moment is restored: is the digest the one that was noted, is
what came after it absent, are files and indexes sound? Is everything there that was answered? Then
base backup, log and logical backup are damaged, one thing at a time: is each named?
"""

import argparse
import logging
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from wekeza.drills import pitr
from wekeza.runtime import env

ACCOUNTS = 12


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank drill restore", description=__doc__.split("\n")[1])
    asked.add_argument("--deeds", type=int, default=3000, help="payments, in all")
    asked.add_argument("--moments", type=int, default=5, help="to which the bank is brought back")
    asked.add_argument("--harmed", type=int, default=10, help="files harmed in each way")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    options = asked.parse_args()
    logging.disable(logging.WARNING)
    home = env.data_folder()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="restore-", dir=home))
    folder.chmod(0o755)  # The server may run as another account of this machine.
    server = pitr.primary(folder)
    try:
        server.start()
        _use(server, folder)
        return run(options, server, folder)
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def run(options: argparse.Namespace, server, folder: Path) -> int:
    """This will live, die, come back to each moment, harm everything, and tell."""
    from wekeza.drills import record, restore_harm

    began, dice = datetime.now(UTC), random.Random(options.seed)  # noqa: S311 - a drill.
    life = live(options, server, folder, dice)
    print(f"{life['answered']:,} deeds were answered; the server is dead", flush=True)
    base, log = folder / "base", folder / "log"
    found = pitr.verify_base(server, base)
    sound = {"base backup, by its manifest": found or "sound"}
    faults = pitr.verify_log(log, first=pitr.first_segment(base))
    sound["log, by its checksums"] = "; ".join(faults) or "sound"
    moments = [come_back(base, log, moment) for moment in life["moments"]]
    end = come_back(base, log, None, life)
    harms = restore_harm.of_files(options, server, base, dice)
    harms |= restore_harm.of_log(options, base, log, life["moments"][-1], dice)
    harms |= restore_harm.of_dump(options, life["dump"], dice)
    holds = not found and not faults and end["lost"] == 0 and not end["faults"]
    holds = holds and not any(one["faults"] for one in moments)
    holds = holds and all(named == of for named, of in harms.values())
    figures = _figures(options, life, moments, end, harms) | sound
    figures["holds"] = "yes" if holds else "NO"
    words = (
        "Real payments of made-up customers on an embedded PostgreSQL with fsync; pg_receivewal "
        "keeps the log, and no commit is answered before it lies there. It speaks for goal G16 at "
        f"the size of this run. Repeat it with `./bank drill restore --seed {options.seed} "
        f"--deeds {options.deeds}`."
    )
    path = record.write(
        "restore", began=began, ended=datetime.now(UTC), figures=figures, words=words
    )
    for what, figure in figures.items():
        print(f"{what}: {figure}")
    print(f"The record is {path}")
    return 0 if holds else 1


def live(options, server, folder: Path, dice) -> dict:
    """This will pay, copy the files, pay on noting moments, and kill the server at work."""
    from django.db import connection

    from wekeza.backups import making

    accounts = _customers()
    log = pitr.archive(server, folder / "log")
    part = options.deeds // (options.moments + 2)
    answered = _pay(accounts, part, dice)
    pitr.base_backup(server, folder / "base")
    moments = []
    for number in range(options.moments):
        answered += _pay(accounts, part, dice)
        moments.append(_note(number))
        _mark(number)
        pitr.begin_segment(server)
    dump = making.make(
        folder / "dumps", url=server.url(env.OWNER_ROLE), at=datetime.now(UTC), code="drill"
    )
    answered += _pay_until_killed(accounts, part, server, log, dice)
    connection.close()
    log.seal()
    shutil.rmtree(server.data)
    return {"answered": len(answered), "references": answered, "moments": moments, "dump": dump}


def come_back(base: Path, log: Path, moment: dict | None, life: dict | None = None) -> dict:
    """This will restore one moment (or the end, where nothing that was answered may be lost)."""
    from ledger.journal.models import Entry
    from ledger.proofs import queries as proofs
    from wekeza import wiring
    from wekeza.backups.identity import connected_as

    faults, lost, name = [], 0, f"back{moment['number']}" if moment else "end"
    until = moment["at"] if moment else ""
    with pitr.recovered(base, log, name=name, until=until) as (server, seconds):
        with connected_as(server.url(env.APP_ROLE)):
            broken = [proof.name for proof in proofs.prove(more=wiring.PROOFS) if not proof.holds]
            entries = proofs.figures()["entries"]
            if moment:
                number, digest = moment["number"], proofs.digest()
                faults += [f"digest {digest}"] if digest != moment["digest"] else []
                faults += ["a later deed is there"] if _is_marked(number) else []
                faults += ["an earlier one is not"] if number and not _is_marked(number - 1) else []
            else:
                there = set(Entry.objects.values_list("reference", flat=True))
                lost = len(set(life["references"]) - there)
        faults += [f"proof {proof}" for proof in broken]
        faults += [f"pg_amcheck: {told}"] if (told := pitr.amcheck(server, env.DATABASE)) else []
    print(f"{name}: {'; '.join(faults) or 'as it was'}, {seconds:.1f} s", flush=True)
    return {"faults": faults, "lost": lost, "seconds": seconds, "entries": entries}


def _use(server, folder: Path) -> None:
    """Let this process be a bank on that server, migrated as its owner."""
    given = {
        "DJANGO_SETTINGS_MODULE": "wekeza.bench.settings",
        "DATABASE_URL": server.url(env.APP_ROLE),
        "DATABASE_OWNER_URL": server.url(env.OWNER_ROLE),
        "BANK_DATA": str(folder),
        "WEKEZA_DEMO": "1",
        "DB_POOL": "",
    }
    os.environ.update(given)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=env.ROOT,
        env=os.environ | {"WEKEZA_ROLE": "owner"},
        check=True,
    )
    import django

    django.setup()


def _customers() -> list:
    """Customers with money, a paper each, and somebody whom two persons let in."""
    from accounts.factories import DepositAccountFactory, DocumentFactory, StaffMemberFactory

    accounts = [DepositAccountFactory(balance="50000") for _ in range(ACCOUNTS)]
    for account in accounts:
        DocumentFactory(customer=account.customer)
    StaffMemberFactory()
    return accounts


def _pay(accounts, times: int, dice) -> list[str]:
    return [_pay_once(accounts, dice) for _ in range(times)]


def _pay_once(accounts, dice) -> str:
    """One payment between two customers; its reference is answered only when it is committed."""
    from ledger.factories import send

    source, target = dice.sample(accounts, 2)
    reference = f"drill:{secrets.token_hex(8)}"
    send(
        source.ledger_account,
        target.ledger_account,
        f"{dice.randrange(1, 90)}",
        reference=reference,
    )
    return reference


def _pay_until_killed(accounts, least: int, server, log, dice) -> list[str]:
    """Server and archiver die while a payment is on its way; what was answered is known."""
    from django.db import DatabaseError, connections

    from wekeza.kit.db import Busy, OutcomeUnknown

    answered: list[str] = []

    def pay_on():
        try:
            while True:
                answered.append(_pay_once(accounts, dice))
        except (Busy, OutcomeUnknown, DatabaseError):
            return
        finally:
            connections.close_all()

    payer = threading.Thread(target=pay_on)
    payer.start()
    while len(answered) < least and payer.is_alive():
        time.sleep(0.01)
    server.stop("immediate")
    log.kill()
    payer.join()
    return answered


def _note(number: int) -> dict:
    """The moment now and what all balances come to; nobody else posts meanwhile."""
    from django.db import connection

    from ledger.proofs import queries as proofs

    digest = proofs.digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()::text FROM pg_sleep(0.05)")
        at = cursor.fetchone()[0]
        cursor.execute("SELECT pg_sleep(0.05)")
    return {"number": number, "at": at, "digest": digest}


def _mark(number: int) -> None:
    """A deed right after the moment."""
    from ledger.factories import LedgerAccountFactory, put_in

    put_in(LedgerAccountFactory(), "1", reference=f"drill:after:{number}")


def _is_marked(number: int) -> bool:
    from ledger.journal.models import Entry

    return Entry.objects.filter(reference=f"drill:after:{number}").exists()


def _figures(options, life, moments, end, harms) -> dict:
    longest = max(one["seconds"] for one in [*moments, end])
    good = sum(not one["faults"] for one in moments)
    return {
        "seed": options.seed,
        "deeds answered before the server died": f"{life['answered']:,}",
        "entries at the end": f"{end['entries']:,}",
        "moments restored with the digest noted at them, later deeds absent": (
            f"{good} of {len(moments)}"
        ),
        "proofs, pg_amcheck at each of them and at the end": (
            "sound" if not end["faults"] and good == len(moments) else "NOT sound"
        ),
        "answered deeds that the end lacks (RPO)": end["lost"],
        "longest restore (RTO)": f"{longest:.1f} s",
        **{f"damage named: {what}": f"{named} of {of}" for what, (named, of) in harms.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
