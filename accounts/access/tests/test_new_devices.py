"""The history of signing in with its devices, and word of a device that the bank does not know."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import doorkeeper
from accounts.access.models import KnownDevice, LoginEvent
from accounts.access.tests.apps import give_app
from accounts.access.tests.steps import log_in, newest, register
from accounts.factories import PASSWORD, CustomerFactory
from accounts.notifications.models import Message

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
PAGE = "/settings/security/logins/"


def notices(user):
    return Message.objects.filter(user=user, kind="new_device")


class TestANewDevice:
    def test_is_told_by_text_and_e_mail(self, inside, user):
        log_in(Client(headers={"User-Agent": PHONE}), user.email, PASSWORD)

        text, mail = notices(user).order_by("id")
        assert (text.channel, text.recipient) == ("SMS", user.phone)
        assert re.search(
            r"login from a new device \(Chrome, Android\), \d+ \w+ \d{4}, \d\d:\d\d EAT", text.body
        )
        assert text.body.endswith("Not you? Call 0700 123 456 now.")
        assert len(text.body) <= 160
        assert (mail.channel, mail.recipient) == ("EMAIL", user.email)
        assert "If it was not you" in mail.body

    def test_is_not_told_again(self, inside, user):
        browser = Client()
        for _ in range(3):
            log_in(browser, user.email, PASSWORD)
            browser.post(reverse("account_logout"))

        assert notices(user).count() == 2

    def test_is_none_when_an_account_is_new(self, client):
        register(client)

        assert not Message.objects.filter(kind="new_device").exists()

    def test_is_known_to_each_person_by_themselves(self, inside, user):
        other = CustomerFactory().user
        log_in(Client(), other.email, PASSWORD)
        inside.post(reverse("account_logout"))
        log_in(inside, other.email, PASSWORD)

        assert notices(other).count() == 2
        assert KnownDevice.objects.filter(user=other).count() == 2

    def test_has_a_cookie_that_no_script_reads_and_nobody_forges(self, inside, user):
        cookie = inside.cookies[doorkeeper.DEVICE]
        assert cookie["httponly"]
        assert cookie["max-age"] == 400 * 24 * 3600
        assert cookie.value.partition(":")[0] not in str(KnownDevice.objects.values())

        forger = Client()
        forger.cookies[doorkeeper.DEVICE] = cookie.value.partition(":")[0] + ":1:forged"
        log_in(forger, user.email, PASSWORD)
        assert notices(user).count() == 2

    def test_without_a_phone_is_mailed(self, inside, user):
        user.is_phone_verified = False
        user.save()
        Client().force_login(user)

        assert newest("new_device", user=user).channel == "EMAIL"
        assert notices(user).count() == 1


class TestHistory:
    @pytest.mark.proves("IA17")
    def test_shows_logins_wrong_passwords_locks_and_devices(self, inside, user):
        thief = Client(headers={"User-Agent": PHONE})
        for _ in range(6):
            log_in(thief, user.email, "not the password")

        page = inside.get(PAGE).content.decode()

        assert page.count("Wrong password</") >= 5
        assert "Too many tries" in page
        assert "Signed in" in page
        assert "Chrome · Android" in page
        assert "127.0.0.1" in page

    def test_shows_wrong_codes_of_the_second_step(self, inside, user):
        give_app(user)
        other = Client()
        log_in(other, user.email, PASSWORD)
        other.post(reverse("mfa_authenticate"), {"code": "000000"})

        assert LoginEvent.objects.filter(user=user, result="CODE").count() == 1
        assert "Wrong code</" in inside.get(PAGE).content.decode()

    def test_goes_on_with_older_ones(self, inside, user):
        first = LoginEvent.objects.filter(user=user).earliest("id")
        facts = {"user": user, "result": "OUT", "created_at": first.created_at}
        LoginEvent.objects.bulk_create([LoginEvent(**facts) for _ in range(30)])

        page = inside.get(PAGE)
        older = re.search(r'href="(/settings/security/logins/\?before=\d+)"', page.content.decode())
        rest = inside.get(older[1])

        shown = [row.pk for row in [*page.context["rows"], *rest.context["rows"]]]
        mine = LoginEvent.objects.filter(user=user).order_by("-id")
        assert shown == list(mine.values_list("pk", flat=True))

    def test_filters_by_result_and_device(self, inside, user):
        log_in(Client(headers={"User-Agent": PHONE}), user.email, "not the password")

        by_result = inside.get(PAGE, {"result": "REFUSED"}).context["rows"]
        by_device = inside.get(PAGE, {"device": "android"}).context["rows"]

        assert [row.result for row in by_result] == ["REFUSED"]
        assert by_result == by_device
        assert inside.get(PAGE, {"device": "firefox"}).context["rows"] == []

    @pytest.mark.parametrize("before", ["", "x", "٣", "1" * 30, "-1"])
    def test_starts_at_the_newest_for_what_is_no_place(self, inside, before):
        assert len(inside.get(PAGE, {"before": before}).context["rows"]) == 1

    def test_shows_nobody_elses(self, inside):
        log_in(Client(headers={"User-Agent": PHONE}), CustomerFactory().user.email, PASSWORD)

        assert "Android" not in inside.get(PAGE).content.decode()
