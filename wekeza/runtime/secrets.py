"""The secrets of a bank that stands on one machine for development, tests or a demo."""

import base64
import os
import secrets
from pathlib import Path

FILE = "secrets.env"


def of_folder(data: Path) -> dict[str, str]:
    """
    This will read SECRET_KEY, WEKEZA_KEYS and WEKEZA_INDEX_KEY of a data folder, and make them the
    first time.

    The file is readable by its owner only. A production bank never comes here: its secrets are
    given by the environment (reliability rule 39).
    """
    path = data / FILE
    if not path.exists():
        _make(path)
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name: value for name, value in pairs}


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, index_key = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    body = (
        f"SECRET_KEY={secrets.token_urlsafe(64)}\n"
        f"WEKEZA_KEYS=k1:{key}\n"
        f"WEKEZA_INDEX_KEY={index_key}\n"
    )
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(body)
    try:
        os.link(draft, path)  # Fails if another process was faster; then its secrets hold.
    except FileExistsError:
        pass
    finally:
        draft.unlink()
