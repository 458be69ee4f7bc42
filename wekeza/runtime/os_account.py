"""
PostgreSQL refuses to run as root; this runs it as another account of the system.

Nobody is added, and no folder that is not ours gets other permissions: below a private folder
such as /root the server keeps the one right to pass through folders (setpriv).
"""

import os
import pwd
import shutil
from dataclasses import dataclass, field
from pathlib import Path

NAMES = ("postgres", "nobody")


class NoAccount(Exception):
    """Root has no other account that could run the database; the message gives the way out."""


@dataclass
class Account:
    """How to start a program as an account that is not root: a prefix, or subprocess arguments."""

    prefix: list[str] = field(default_factory=list)
    arguments: dict = field(default_factory=dict)
    uid: int = -1
    gid: int = -1

    def give(self, path: Path) -> None:
        """This will make a file or a whole folder this account's own, if it is not yet."""
        if self.uid < 0 or path.stat().st_uid == self.uid:
            return
        os.chown(path, self.uid, self.gid)
        for below in path.rglob("*"):
            os.chown(below, self.uid, self.gid, follow_symlinks=False)


def account_for(*, programs: Path, data: Path) -> Account:
    """
    This will say as whom to run the server's programs on a data folder; as ourselves if not root.

    :raises NoAccount: if root finds no account that can reach both.
    """
    if os.geteuid() != 0:
        return Account()
    person = _person(data)
    if _can_reach(programs, person) and _can_reach(data.parent, person):
        arguments = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
        return Account([], arguments, person.pw_uid, person.pw_gid)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise NoAccount(
            f"{person.pw_name} cannot reach {programs} or {data.parent}: move the bank out of "
            "the private folder, or run it as an ordinary user"
        )
    kept = "-all,+dac_override"
    prefix = [
        setpriv,
        f"--reuid={person.pw_uid}",
        f"--regid={person.pw_gid}",
        "--clear-groups",
        f"--inh-caps={kept}",
        f"--ambient-caps={kept}",
        f"--bounding-set={kept}",
        "--securebits=+no_setuid_fixup",  # Without it access(2) does not know of the right.
        "--",
    ]
    return Account(prefix, {}, person.pw_uid, person.pw_gid)


def _person(data: Path) -> pwd.struct_passwd:
    names = [os.environ.get("WEKEZA_PG_OS_USER", ""), *NAMES]
    people = [_named(name) for name in names if name]
    if (data / "PG_VERSION").exists():  # Keep whom it was made with.
        people.insert(0, pwd.getpwuid(data.stat().st_uid))
    for person in people:
        if person is not None and person.pw_uid != 0:
            return person
    raise NoAccount("PostgreSQL cannot run as root: set WEKEZA_PG_OS_USER to another account")


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _can_reach(path: Path, person: pwd.struct_passwd) -> bool:
    path = path.resolve()
    for folder in (path, *path.parents):
        if not folder.exists():
            continue
        facts = folder.stat()
        if facts.st_uid == person.pw_uid:
            needed = 0o100
        elif facts.st_gid == person.pw_gid:
            needed = 0o010
        else:
            needed = 0o001
        if not facts.st_mode & needed:
            return False
    return True
