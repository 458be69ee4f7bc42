"""The front page and the switches of the shell, as a browser without scripts sees them."""

import pytest
from django.urls import reverse

from accounts.factories import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def juma():
    return CustomerFactory().user


class TestFront:
    def test_names_the_bank_in_the_title_and_shows_its_icon(self, client):
        page = client.get("/").content.decode()

        assert "– Wekeza Personal Banking</title>" in page
        assert 'rel="icon"' in page

    def test_leads_to_register_and_log_in(self, client):
        page = client.get("/").content.decode()

        assert 'href="/register/"' in page
        assert 'href="/login/"' in page

    def test_names_true_costs_and_the_help_line(self, client):
        page = client.get("/").content.decode()

        assert "Send to another Wekeza customer" in page
        assert "0700 123 456" in page

    def test_brings_the_script_that_tells_how_far_the_year_is_in_a_demo_bank_alone(
        self, client, settings
    ):
        settings.WEKEZA_DEMO = False
        plain = client.get("/").content.decode()
        settings.WEKEZA_DEMO = True
        demo = client.get("/").content.decode()

        assert "htmx-2" not in plain and "/demo/year/" not in plain
        assert "htmx-2" in demo and 'hx-get="/demo/year/"' in demo


class TestLanguage:
    def test_switch_keeps_the_page(self, client):
        here = "/session-ended/?next=/move/"
        answer = client.post("/language/", {"language": "sw", "next": here})

        assert answer.status_code == 302
        assert answer["Location"] == here
        page = client.get(answer["Location"]).content.decode()
        assert '<html lang="sw"' in page
        assert "Ingia uendelee" in page

    def test_goes_with_the_login(self, client, juma):
        client.force_login(juma)

        client.post("/language/", {"language": "sw", "next": "/"})

        juma.refresh_from_db()
        assert juma.language == "sw"

    def test_refuses_a_language_we_do_not_speak(self, client, juma):
        client.force_login(juma)

        client.post("/language/", {"language": "xx", "next": "/"})

        juma.refresh_from_db()
        assert juma.language == "en"


class TestTheme:
    def test_a_stranger_keeps_it_in_a_cookie(self, client):
        answer = client.post("/theme/", {"theme": "dark", "next": "/"})

        assert answer.status_code == 303
        assert 'data-theme="dark"' in client.get("/").content.decode()

    def test_a_customer_keeps_it_with_the_login(self, client, juma):
        client.force_login(juma)

        client.post("/theme/", {"theme": "light", "next": "/"})

        juma.refresh_from_db()
        assert juma.theme == "light"

    @pytest.mark.parametrize("theme", ["", "purple", '"><script>'])
    def test_ignores_what_is_no_theme(self, client, theme):
        client.post("/theme/", {"theme": theme, "next": "/"})

        assert "data-theme" not in client.get("/").content.decode()

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"]
    )
    def test_never_leads_to_another_bank(self, client, elsewhere):
        answer = client.post("/theme/", {"theme": "dark", "next": elsewhere})

        assert answer["Location"] == "/"


class TestHideBalances:
    def test_is_kept_with_the_login(self, client, juma):
        client.force_login(juma)

        client.post("/hide-balances/", {"hides": "1", "next": "/"})
        juma.refresh_from_db()
        was_hidden = juma.hides_balances
        client.post("/hide-balances/", {"hides": "0", "next": "/"})
        juma.refresh_from_db()

        assert was_hidden
        assert not juma.hides_balances

    def test_asks_a_stranger_to_log_in(self, client):
        answer = client.post("/hide-balances/", {"hides": "1", "next": "/"})

        assert answer["Location"] == "/session-ended/?next=%2F&why=lost"
        assert 'href="/login/?next=%2F"' in client.get(answer["Location"]).content.decode()


class TestSessionEnded:
    def test_leads_back_to_the_page_after_login(self, client):
        page = client.get("/session-ended/?next=/move/transfers/send/%3Fto%3D7").content.decode()

        assert "/login/?next=%2Fmove%2Ftransfers%2Fsend%2F%3Fto%3D7" in page

    def test_does_not_carry_a_foreign_address(self, client):
        page = client.get("/session-ended/?next=https://evil.example/").content.decode()

        assert 'href="/login/?next=%2F"' in page


class TestKit:
    def test_is_shown_in_demo_mode_only(self, client, settings):
        settings.WEKEZA_DEMO = True
        shown = client.get(reverse("branch:online:kit")).status_code
        settings.WEKEZA_DEMO = settings.DEBUG = False
        hidden = client.get(reverse("branch:online:kit")).status_code

        assert (shown, hidden) == (200, 404)
