from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.documents import operations as documents
from accounts.factories import CustomerFactory, DocumentFactory, UserFactory, photo
from accounts.kyc import operations as kyc
from accounts.kyc import renewals
from accounts.kyc.models import DeclaredFacts, Submission
from accounts.kyc.refusals import BadAddress
from accounts.kyc.tests.steps import WANJIRU, raised, sent
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
FACTS = {"kra_pin": "A123456789Z", "address": "Kilifi", "occupation": "Teacher"}


def signed_in(customer):
    client = Client()
    client.force_login(customer.user)
    return client


def page(name):
    return reverse(f"accounts:kyc:{name}")


def shown(client):
    return client.get(page("ladder")).content.decode().replace("\u00a0", " ")


class TestLadder:
    @pytest.mark.proves("CK10", "CK15")
    def test_shows_what_each_tier_unlocks_in_figures_of_the_limit_rows(self):
        text = shown(signed_in(CustomerFactory()))

        for words in ("Tier 1: Basic", "Tier 2: Standard", "Tier 3: Premium", "Your level"):
            assert words in text
        for figure in ("50,000", "300,000", "1,000,000", "2,000,000", "No limit"):
            assert figure in text
        assert "Business" not in text  # Not a step for people.

    @pytest.mark.proves("CK10", "CK21")
    def test_leads_from_asking_to_sending(self):
        customer = CustomerFactory()
        client = signed_in(customer)

        begun = client.post(page("start"), {"tier": "TIER_2"})
        assert (begun.status_code, begun["Location"]) == (303, page("ladder"))
        text = shown(client)
        assert "6 things are missing" in text and "Tell us about you" in text

        assert client.post(page("facts"), FACTS)["Location"] == page("ladder")
        assert "3 things are missing" in shown(client)
        for number, slug in enumerate(("id-front", "id-back", "selfie")):
            file = SimpleUploadedFile("p.jpg", photo(shade=700 + number))
            address = reverse("accounts:documents:upload", args=[slug])
            assert f'href="{address}?next={page("ladder")}"' in text
            answer = client.post(address, {"file": file, "next": page("ladder")})
            assert answer["Location"] == page("ladder")
        assert "Send it to be checked" in shown(client)

        assert client.post(page("send")).status_code == 303

        text = shown(client)
        assert "We are checking what you sent" in text and "Waiting for us" in text
        assert Submission.objects.get(customer=customer).is_sent
        assert DeclaredFacts.objects.get(customer=customer).kra_pin == "A123456789Z"

    @pytest.mark.parametrize("address", ["A", " K 1 ", "...", "12345"])
    def test_takes_no_address_that_nobody_could_find(self, address):
        customer = CustomerFactory()
        client = signed_in(customer)
        client.post(page("start"), {"tier": "TIER_2"})

        answer = client.post(page("facts"), FACTS | {"address": address})

        assert answer.status_code == 422
        assert "Enter where you live: house, street or village" in answer.content.decode()
        assert not DeclaredFacts.objects.filter(customer=customer).exists()
        told = FACTS | {"address": address, "actor": customer.actor, "at": timezone.now()}
        with pytest.raises(BadAddress):
            kyc.tell_facts(customer, **told)
        assert client.post(page("facts"), FACTS | {"address": "Embu"}).status_code == 303

    def test_says_what_is_missing_when_it_is_sent_too_early(self):
        client = signed_in(CustomerFactory())
        client.post(page("start"), {"tier": "TIER_2"})

        answer = client.post(page("send"))

        assert answer.status_code == 422
        assert "This is still missing: KRA PIN" in answer.content.decode()

    def test_shows_why_a_paper_was_declined_and_how_the_next_passes(self):
        submission = sent()
        selfie = submission.customer.documents.get(kind="SELFIE")
        at = submission.sent_at
        kyc.decline_document(submission, document=selfie, reason="BLURRED", actor=WANJIRU, at=at)
        kyc.ask_again(submission, actor=WANJIRU, at=at)

        text = shown(signed_in(submission.customer))

        assert "Not accepted" in text and "The photo is not sharp" in text
        assert "Hold the phone still" in text and "Send a new one" in text

    def test_warns_of_a_paper_that_ends(self):
        today = datetime.now(UTC)
        ends = (today + timedelta(days=30)).date()
        customer = raised(at=today, ID_FRONT=ends)
        renewals.tell_expiring(at=today, actor=SYSTEM)

        text = shown(signed_in(customer))

        assert "Ends soon" in text and "Renew before" in text
        assert "Renew Standard" in text

    @pytest.mark.parametrize("tier", ["", "BUSINESS", "TIER_1", "x" * 5000])
    def test_starts_nothing_that_is_not_offered(self, tier):
        answer = signed_in(CustomerFactory()).post(page("start"), {"tier": tier})

        assert answer.status_code == 422
        assert not Submission.objects.exists()

    def test_lets_the_customer_think_again(self):
        client = signed_in(CustomerFactory())
        client.post(page("start"), {"tier": "TIER_3"})

        assert client.post(page("cancel")).status_code == 303
        assert client.post(page("cancel")).status_code == 422

    def test_is_for_customers(self):
        client = Client()
        client.force_login(UserFactory(is_staff=True))

        assert client.get(page("ladder")).status_code == 404
        assert Client().get(page("ladder")).status_code == 302

    def test_is_linked_from_settings_and_from_the_limit_at_home(self):
        client = signed_in(CustomerFactory())

        assert page("ladder") in client.get("/settings/").content.decode()
        assert page("ladder") in client.get("/").content.decode()


class TestTiers:
    @pytest.mark.proves("CK11")
    def test_are_basic_standard_premium_and_business(self):
        from accounts.limits.models import Tier

        assert list(Tier.objects.order_by("rank").values_list("code", "label")) == [
            ("TIER_1", "Basic"),
            ("TIER_2", "Standard"),
            ("TIER_3", "Premium"),
            ("BUSINESS", "Business"),
        ]


class TestFacts:
    def test_asks_for_income_only_where_the_tier_does(self):
        client = signed_in(CustomerFactory())
        client.post(page("start"), {"tier": "TIER_2"})
        assert "monthly_income" not in client.get(page("facts")).content.decode()

        client.post(page("start"), {"tier": "TIER_3"})

        text = client.get(page("facts")).content.decode()
        assert "monthly_income" in text and "source_of_funds" in text
        more = {"monthly_income": "45,000.50", "source_of_funds": "SALARY"}
        assert client.post(page("facts"), FACTS | more).status_code == 303
        assert "45,000.50" in client.get(page("facts")).content.decode()

    def test_says_what_a_kra_pin_looks_like_and_keeps_the_input(self):
        client = signed_in(CustomerFactory())
        client.post(page("start"), {"tier": "TIER_2"})

        answer = client.post(page("facts"), FACTS | {"kra_pin": "12345"})

        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Enter a KRA PIN like A123456789Z" in text and 'value="12345"' in text

    def test_comes_after_asking_for_a_tier(self):
        assert signed_in(CustomerFactory()).get(page("facts"))["Location"] == page("ladder")

    def test_is_closed_while_an_officer_looks(self):
        answer = signed_in(sent().customer).post(page("facts"), FACTS)

        assert answer.status_code == 422
        assert "It cannot be changed meanwhile" in answer.content.decode()


class TestTasks:
    def test_run_twice_without_harm(self):
        from accounts.documents.tasks import expire, sweep
        from accounts.kyc.tasks import lower_overdue, tell_expiring

        document = DocumentFactory(expires_date=date(2999, 1, 1))
        documents.approve(document, actor=WANJIRU, at=datetime.now(UTC))
        for task in (expire, sweep, tell_expiring, lower_overdue) * 2:
            task()

        document.refresh_from_db()
        assert document.state == "ACTIVE"
