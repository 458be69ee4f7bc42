"""
Writes docs/modules.md: every room of every floor with its one sentence, so that the list is never
older than the code. `python -m wekeza.runtime.modules`; the suite fails while it is out of date.
"""

import ast
from pathlib import Path

from wekeza.runtime import env

PAGE = env.ROOT / "docs" / "modules.md"
FLOORS = {
    "wekeza": "The roof and the foundation: settings, addresses, wiring, the kit, the launcher.",
    "ledger": "The books. It knows no other floor.",
    "accounts": "Who the customer is, and what they keep here.",
    "payments": "Money in motion.",
    "lending": "Borrow. So far: products as dated terms, and what a loan would cost.",
    "insurance": "Insure. Nothing is built yet.",
    "branch": "Every place where the bank meets people; it may see everything below.",
}
PIECES = {
    "models.py": "tables, constraints",
    "states.py": "what may become what",
    "queries.py": "reads",
    "operations.py": "writes, one deed a function",
    "views.py": "customers' and staff's pages",
    "api.py": "programs",
    "admin.py": "the room's desk in the workbench",
    "tasks.py": "what the worker does",
}


def page() -> str:
    """This will give docs/modules.md as the code has it now."""
    furniture = "; ".join(f"`{name}` {what}" for name, what in PIECES.items())
    parts = [
        "# The rooms of the house",
        "Written by `python -m wekeza.runtime.modules` from the first line of each room. "
        f"A room is a folder with the same furniture:\n{furniture}.",
    ]
    for floor, words in FLOORS.items():
        rows = [f"| `{path}` | {sentence} |" for path, sentence in _rooms(floor)]
        parts.append(f"## {floor}\n{words}")
        if rows:
            parts.append("\n".join(["| room | what it is for |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _rooms(floor: str) -> list[tuple[str, str]]:
    found = []
    for init in sorted((env.ROOT / floor).rglob("__init__.py")):
        path = init.parent.relative_to(env.ROOT)
        skipped = {"tests", "migrations", "management", "commands"} & set(path.parts)
        sentence = ast.get_docstring(ast.parse(init.read_text()))
        if not skipped and len(path.parts) > 1 and sentence:
            found.append((str(path), " ".join(sentence.split())))
    return found


def main(path: Path = PAGE) -> None:
    """This will write the page."""
    path.write_text(page())


if __name__ == "__main__":
    main()
