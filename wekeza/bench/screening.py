"""
./bank bench screening [--json]: how well names are matched, and how fast.

Quality: precision and recall over pairs with known answers (accounts/screening/tests/data). Speed:
20,000 customers' names against a list of 30,000 generated entries, in memory as after a list's
update; and one by one in the database as at onboarding. Both ways are compared with each other, and
with comparing everything with everything. It ends with 1 if any of them finds less.
"""

import argparse
import json
import os
import platform
import random
import sys
import time
from datetime import date, timedelta

import django

from wekeza.bench.figures import percentile
from wekeza.bench.server import bench_server
from wekeza.runtime import env

ENTRIES, ASKED = 30_000, 20_000
ONE_BY_ONE, BY_BRUTE_FORCE = 500, 30
DAY = date(2026, 11, 21)
SEED = 2026
CSV_HEAD = "uid,name,aliases,weak_aliases,dob,country,gender\n"


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="./bank bench screening", description=__doc__.split("\n")[1]
    )
    asked.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked.add_argument("--entries", type=int, default=ENTRIES)
    asked.add_argument("--names", type=int, default=ASKED)
    options = asked.parse_args()
    with bench_server() as server:
        server.run("manage.py", "migrate", "-v", "0", role=env.OWNER_ROLE)
        os.environ.update(server.environment())
        django.setup()
        report = measure(options)
    print(json.dumps(report, indent=1) if options.json else told(report))
    return 0 if report["search"]["agrees"] else 1


def measure(options: argparse.Namespace) -> dict:
    """This will answer the pairs, load a list and screen everybody against it."""
    from accounts.screening.models import ScreeningTerms

    began = time.time()
    row = ScreeningTerms.objects.on(DAY).get()
    made = random.Random(SEED)  # noqa: S311 - the same names every time.
    version, load_seconds = load(made, options.entries)
    subjects = people(made, options.names)
    return {
        "quality": quality(row),
        "load": {
            "entries": version.entry_count,
            "names": version.name_count,
            "seconds": round(load_seconds, 1),
        },
        "search": search(subjects, version, row),
        "run": {
            "took_seconds": round(time.time() - began),
            "cpus": os.cpu_count(),
            "load_before_after": [round(load, 1) for load in os.getloadavg()[:2]],
            "python": platform.python_version(),
        },
    }


def quality(row) -> dict:
    """This will give precision and recall at both thresholds, and every kind of pair."""
    from accounts.screening import quality as pairs
    from accounts.screening.matching import Terms

    terms = Terms.of(row)
    given = pairs.answers(terms)
    at = {"block": terms.block_from, "review": terms.review_from}
    found = {name: pairs.quality(given, threshold=threshold) for name, threshold in at.items()}
    return {
        "pairs": len(given),
        "same": sum(answer.pair.is_same for answer in given),
        **{
            name: {
                "from": at[name], "precision": one.precision, "recall": one.recall,
                "found": one.found, "missed": one.missed, "wrong": one.wrong,
            }
            for name, one in found.items()
        },
        "right_by_case_at_review": {
            case: f"{right} of {of}"
            for case, (right, of) in pairs.by_case(given, threshold=terms.review_from).items()
        },
    }  # fmt: skip


def load(made: random.Random, size: int):
    """This will load a generated list as the bank does, and give the version and the seconds."""
    from django.utils import timezone

    from accounts.screening import lists, queries
    from wekeza.kit.actor import Actor

    text = CSV_HEAD + "".join(line(made, number) for number in range(size))
    began = time.perf_counter()
    version = lists.load(
        queries.list_of("KE_DOMESTIC"),
        files={"generated.csv": text.encode()},
        at=timezone.now(),
        actor=Actor("CONSOLE", "bench", person="console:bench"),
    )
    return version, time.perf_counter() - began


def search(subjects: list, version, row) -> dict:
    """This will time both ways of searching and see whether they find the same."""
    from accounts.screening import queries
    from accounts.screening.matching import Prepared, best_match

    began = time.perf_counter()
    index = queries.index_of(version, row=row, day=DAY)
    index_seconds = time.perf_counter() - began
    began = time.perf_counter()
    in_memory = [{key: match.score for key, match in index.matches(one)} for one in subjects]
    seconds = time.perf_counter() - began

    took, one_by_one = [], []
    for one in subjects[:ONE_BY_ONE]:
        at = time.perf_counter()
        found = queries.matches(Prepared.of(one), versions=[version], row=row, day=DAY)
        took.append(round((time.perf_counter() - at) * 1000, 1))
        one_by_one.append({entry.pk: match.score for entry, match in found})
    everything = [
        {
            key: match.score
            for key, listed in index.entries.items()
            if (match := best_match(Prepared.of(one), listed, terms=index.terms))
            and match.score >= index.terms.review_from
        }
        for one in subjects[:BY_BRUTE_FORCE]
    ]
    differing = sum(a != b for a, b in zip(one_by_one, in_memory, strict=False))
    missed = sum(a != b for a, b in zip(everything, in_memory, strict=False))
    return {
        "asked": len(subjects),
        "index_seconds": round(index_seconds, 1),
        "seconds": round(seconds, 1),
        "names_per_second": round(len(subjects) / seconds),
        "with_a_match": sum(1 for found in in_memory if found),
        "one_by_one": {
            "asked": len(took),
            "p50_ms": percentile(sorted(took), 50),
            "p99_ms": percentile(sorted(took), 99),
        },
        "differ_from_one_by_one": differing,
        "differ_from_brute_force": f"{missed} of {len(everything)}",
        "agrees": not differing and not missed,
    }


def told(report: dict) -> str:
    """This will say the same in lines for people."""
    quality, search, loaded = report["quality"], report["search"], report["load"]
    lines = [f"{quality['pairs']} pairs, {quality['same']} of them the same person"]
    for name in ("block", "review"):
        one = quality[name]
        lines.append(
            f"  {name:7} from {one['from']}: precision {one['precision']:.3f}, "
            f"recall {one['recall']:.3f} ({one['missed']} missed, {one['wrong']} wrong)"
        )
    lines += [f"    {case}: {right}" for case, right in quality["right_by_case_at_review"].items()]
    single = search["one_by_one"]
    return "\n".join(
        [
            *lines,
            f"loaded {loaded['entries']} entries with {loaded['names']} names in "
            f"{loaded['seconds']} s, index {search['index_seconds']} s",
            f"{search['asked']} names: {search['seconds']} s, {search['names_per_second']} a "
            f"second; {search['with_a_match']} have a match",
            f"one by one in the database: p50 {single['p50_ms']} ms, p99 {single['p99_ms']} ms",
            f"differences: {search['differ_from_one_by_one']} from one by one, "
            f"{search['differ_from_brute_force']} from comparing everything",
        ]
    )


def line(made: random.Random, number: int) -> str:
    """This will make one entry: usually of two to four tokens, half of them with aliases."""
    name = made_up(made, LISTED, common=0.25)
    others = made.choice([0, 0, 1, 2])
    aliases = ";".join(made_up(made, LISTED, common=0.25) for _ in range(others))
    weak = made_up(made, LISTED, common=0.5).split()[0] if made.random() < 0.05 else ""
    born = made.choice(["", made.randint(1940, 2000), birthday(made)])
    country = made.choice(["", "KE", "SO", "IR", "SY", "RU", "CD", "NG", "YE"])
    return f"G{number},{name},{aliases},{weak},{born},{country},{made.choice(['', 'M', 'F'])}\n"


def people(made: random.Random, size: int) -> list:
    """This will make the bank's customers: half of their tokens are the region's common names."""
    from accounts.screening.facts import IdNumber, Subject

    return [
        Subject(
            owner_ref=f"bench:{number}",
            names=(made_up(made, OURS, common=0.5),),
            date_of_birth=birthday(made),
            nationalities=("KE",),
            ids=(IdNumber(str(10_000_000 + number), "KE"),),
        )
        for number in range(size)
    ]


def birthday(made: random.Random) -> date:
    """This will make a day of birth of somebody grown up."""
    return date(1950, 1, 1) + timedelta(days=made.randrange(20_000))


def made_up(made: random.Random, pool: list[str], *, common: float) -> str:
    """This will put a name together, each token from the common ones or from a pool."""
    return " ".join(
        made.choices(COMMON, WEIGHTS)[0] if made.random() < common else made.choice(pool)
        for _ in range(made.choice([2, 3, 3, 3, 4]))
    )


def tokens(made: random.Random, size: int) -> list[str]:
    """This will make tokens of two to four syllables that nobody has to be called."""
    found = {}
    while len(found) < size:
        inner = made.choices(MIDDLES, k=made.choice([0, 1, 1, 2]))
        found[made.choice(STARTS) + "".join(inner) + made.choice(ENDS)] = None
    return list(found)


# Common tokens weigh as they do in lists and registers: the first ones most.
_COMMON = """
MOHAMED ALI HASSAN AHMED ABDI HUSSEIN OMAR IBRAHIM YUSUF SALIM JOHN PETER MARY JAMES JOSEPH GRACE
DAVID DANIEL KAMAU MWANGI OTIENO WANJIKU NJERI KARIUKI OCHIENG ODHIAMBO KIPKOECH CHEBET MUTUA
MUSYOKA WAFULA BARASA NJOROGE MAINA KIMANI WAMBUI ATIENO ACHIENG ONYANGO ROTICH KOECH FATUMA AMINA
HALIMA SAID JUMA BAKARI ABDULLAHI FARAH NOOR"""
_STARTS = """
BA BE CHI DO EK FA GI HA IN JO KA KE KI KO LA LE MA MU MWA NA NDE NJO NYA OB OK PA RA SA SHA TA TE
U WA WE YA ZA AL KHA QA RU SU VO PE GRE STO MI"""
_MIDDLES = """
BA CHA DI GA KU LA LE LI MA MU NA NI NGA RA RI RU SA SHI TA TI TO VA WA YA ZI BO DO MBE"""
_ENDS = "NI RA MA KA NGI TO LA SHA NDI BA U I O AN IR OV EZ IS AD IM IN ES KO DZE YAN"
COMMON, STARTS, MIDDLES, ENDS = (part.split() for part in (_COMMON, _STARTS, _MIDDLES, _ENDS))
WEIGHTS = [1 / (place + 1) for place in range(len(COMMON))]
# What is rare: 20,000 tokens of the list, 5,000 of ours, of which 2,000 are the same.
_RARE = tokens(random.Random(SEED), 23_000)  # noqa: S311 - the same every time.
LISTED, OURS = _RARE[:20_000], _RARE[18_000:]


if __name__ == "__main__":
    sys.exit(main())
