"""The documents of the house: each is found from the README, leads on, and is not old."""

import re

import pytest

from wekeza.runtime import env, modules

DOCS = env.ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def links_of(page):
    return [(page.parent / target).resolve() for target in LINK.findall(page.read_text())]


class TestTheReadme:
    @pytest.mark.proves("OP58", "OP04")
    def test_leads_to_every_document_within_two_steps(self):
        first = links_of(env.ROOT / "README.md")
        pages = [page for page in first if page.suffix == ".md"]
        pages += [page for folder in first if folder.is_dir() for page in folder.glob("*.md")]
        reached = {*first, *pages, *(target for page in pages for target in links_of(page))}

        everything = {page.resolve() for page in DOCS.glob("*.md")}
        assert everything - reached == set()
        assert (DOCS / "decisions").resolve() in reached

    def test_and_the_documents_link_to_nothing_that_is_not_there(self):
        pages = [env.ROOT / "README.md", *DOCS.rglob("*.md")]
        missing = [
            f"{page.name}: {target}"
            for page in pages
            for target in links_of(page)
            if not target.exists()
        ]
        assert missing == []


class TestTheListOfRooms:
    @pytest.mark.proves("OP15")
    def test_is_what_the_code_says(self):
        """Write it anew with `python -m wekeza.runtime.modules`."""
        assert modules.PAGE.read_text() == modules.page()

    def test_names_every_floor_and_its_rooms(self):
        page = modules.page()

        for room in ("ledger/journal", "accounts/savings", "branch/close_of_business"):
            assert f"`{room}`" in page
        for floor in modules.FLOORS:
            assert f"## {floor}" in page
