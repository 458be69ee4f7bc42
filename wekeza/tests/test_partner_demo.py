"""docs/partner_demo.py, as somebody would run it, against a real server."""

import base64
import hashlib
import hmac
import json
import queue
import runpy
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.factories import PIN, CustomerFactory, DepositAccountFactory, actor_of
from accounts.partners import consents, deliveries
from accounts.partners.models import PartnerConsent
from branch.demo import partners
from ledger.controls import outbox
from payments.initiation import operations as initiation
from payments.initiation.models import PartnerPayment
from payments.transfers import operations as transfers
from wekeza.kit.actor import SYSTEM
from wekeza.runtime.env import ROOT
from wekeza.tasks import handlers
from wekeza.tests.servers import free_port

SCRIPT = str(ROOT / "docs" / "partner_demo.py")


@pytest.mark.django_db(transaction=True)
class TestPartnerDemo:
    @pytest.mark.proves("PA09")
    def test_reads_an_account_asks_for_a_payment_and_hears_of_it(
        self, demo_bank, live_bank, tmp_path, capsys, monkeypatch
    ):
        port, juma = free_port(), DepositAccountFactory(balance="5000")
        grace = DepositAccountFactory()
        monkeypatch.setattr(partners, "HOOK", f"http://127.0.0.1:{port}/")
        made = partners.open_partner(
            tmp_path, contact=CustomerFactory(), giver=juma.customer, at=datetime.now(UTC)
        )
        assert made.stat().st_mode & 0o777 == 0o600
        argv = [SCRIPT, "--bank", live_bank.url, "--data", str(tmp_path), "--wait", "30"]
        argv += ["--recipient", grace.number, "--port", str(port)]
        monkeypatch.setattr(sys, "argv", argv)
        script = threading.Thread(target=runpy.run_path, args=(SCRIPT, None, "__main__"))

        script.start()
        payment = self.asked(juma)
        draft = initiation.open_draft(payment, at=timezone.now(), actor=actor_of(juma.customer))
        transfers.authorise_and_send(
            draft, secret=PIN, at=timezone.now(), actor=actor_of(juma.customer)
        )
        until = time.monotonic() + 25
        while script.is_alive() and time.monotonic() < until:
            outbox.sweep(handlers=handlers(), at=timezone.now(), most=500)
            deliveries.deliver_due(clock=timezone.now)
            script.join(0.2)

        said = capsys.readouterr().out
        assert "KES 5000.00" in said
        assert "Verified webhook payment.completed" in said
        assert said.endswith("The payment is COMPLETED.\n")

        consent = PartnerConsent.objects.get(customer=juma.customer)
        consents.revoke(consent, at=timezone.now(), actor=SYSTEM)
        argv[-1] = str(free_port())
        with pytest.raises(SystemExit, match="Nobody shares an account"):
            runpy.run_path(SCRIPT, None, "__main__")

    def asked(self, payer):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if payment := PartnerPayment.objects.filter(source=payer).first():
                return payment
            time.sleep(0.1)
        raise AssertionError("the script asked for no payment")


class TestFollow:
    def test_asks_the_bank_when_no_webhook_comes(self, capsys):
        script = runpy.run_path(SCRIPT)
        script["follow"].__globals__["QUIET_SECONDS"] = 0.1
        said = iter(["PENDING", "COMPLETED"])

        status = script["follow"](queue.Queue(), "p-1", ask=lambda: next(said), wait=5)

        assert status == "COMPLETED" and "the bank itself" in capsys.readouterr().out
        over = script["follow"](queue.Queue(), "p-1", ask=lambda: "EXPIRED", wait=0)
        assert over == "EXPIRED"


class TestSentences:
    def test_say_what_is_missing(self, tmp_path, monkeypatch):
        def started():
            argv = [SCRIPT, "--data", str(tmp_path), "--port", str(free_port())]
            argv += ["--bank", f"http://127.0.0.1:{free_port()}"]
            monkeypatch.setattr(sys, "argv", argv)
            with pytest.raises(SystemExit) as ended:
                runpy.run_path(SCRIPT, None, "__main__")
            return ended.value.code

        assert "start the demo bank" in started()
        facts = {"client_id": "c", "key": "k", "webhook_secret": "whsec_"}
        (tmp_path / "demo-partner.json").write_text(json.dumps(facts))
        assert "No bank answers at http://127.0.0.1" in started()


class TestVerifies:
    def test_refuses_what_was_changed_what_is_old_and_what_is_unsigned(self):
        verifies = runpy.run_path(SCRIPT)["verifies"]
        key, body = b"k" * 32, json.dumps({"id": "evt_1"}).encode()
        secret = f"whsec_{base64.b64encode(key).decode()}"

        def header(moment):
            signed = hmac.new(key, str(moment).encode() + b"." + body, hashlib.sha256)
            return f"t={moment},v1={signed.hexdigest()}"

        now = int(time.time())
        assert verifies(secret, header(now), body)
        assert not verifies(secret, header(now), body + b" ")
        assert not verifies(secret, header(now - 301), body)
        assert not verifies(secret, f"t={now}", body)
        assert not verifies(secret, "", body)
