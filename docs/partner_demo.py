#!/usr/bin/env python3
"""
A partner of the demo bank, in one file and with nothing but Python.

    ./bank run                              # in one terminal; it prints the address
    python3 docs/partner_demo.py            # in another

It finds its key in the bank's data folder, asks for a token, reads the account that Juma shares
with it, asks Juma to pay, and waits for the webhooks, whose signatures it verifies. Open the
address that it prints, log in as Juma and pay (or don't): it tells what it hears, and asks the
bank itself when it hears nothing for a while, because a webhook can come late.
"""

import argparse
import base64
import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

OLDEST_SECONDS = 300
QUIET_SECONDS = 15  # So long it listens before it asks.


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--bank", default="http://localhost:8000", help="the bank's address")
    asked.add_argument("--data", default=".data", help="the bank's data folder")
    asked.add_argument("--recipient", default="0722 000 418", help="whom Juma shall pay: Grace")
    asked.add_argument("--wait", type=int, default=600, help="seconds to wait for the payment")
    asked.add_argument("--port", type=int, default=8765, help="where the demo's webhook leads")
    told = asked.parse_args()
    partner = known_as(Path(told.data, "demo-partner.json"))
    heard = listen(partner["webhook_secret"], port=told.port)

    token = get_token(told.bank, partner)
    print("1. A token of 10 minutes:", token[:8] + "…")

    accounts = call(told.bank, token, "GET", "/api/v1/partner/accounts/")["accounts"]
    if not accounts:
        raise SystemExit("Nobody shares an account with this app (any more): so nothing to read.")
    number = accounts[0]["number"]
    balances = call(told.bank, token, "GET", f"/api/v1/partner/accounts/{number}/balances/")
    print(f"2. Juma shares {accounts[0]['name']} {number}: {shown(balances['available'])}")

    path = f"/api/v1/partner/accounts/{number}/transactions/?size=3"
    for row in call(told.bank, token, "GET", path)["transactions"]:
        print(
            f"   {row['at'][:10]} {row['direction']:>3} {shown(row['money'])} {row['description']}"
        )

    order = {
        "source": number,
        "recipient": told.recipient,
        "money": {"amount": "50.00", "currency": "KES"},
        "reason": "Partner demo",
    }
    payment = call(told.bank, token, "POST", "/api/v1/partner/payments/", order)
    print(f"3. Payment {payment['id']} is {payment['status']}. Log in as Juma and open")
    print("  ", payment["authorise_url"])

    def ask() -> str:  # With a token of its own: the first is over after 10 minutes.
        path = f"/api/v1/partner/payments/{payment['id']}/"
        return call(told.bank, get_token(told.bank, partner), "GET", path)["status"]

    status = follow(heard, payment["id"], ask=ask, wait=told.wait)
    print(f"5. The payment is {status}.")


def known_as(file: Path) -> dict:
    """What `./bank demo` wrote down for this app: its id, its key and the webhook's secret."""
    try:
        return json.loads(file.read_text())
    except FileNotFoundError as missing:
        raise SystemExit(
            f"{file} is not there: start the demo bank, or name its --data."
        ) from missing


def get_token(bank: str, partner: dict) -> str:
    """The key against a token (RFC 6749, 4.4); the key goes nowhere else."""
    pair = f"{partner['client_id']}:{partner['key']}".encode()
    request = urllib.request.Request(
        f"{bank}/identity/o/api/token",
        data=b"grant_type=client_credentials",
        headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"},
    )
    return opened(request)["access_token"]


def call(bank: str, token: str, method: str, path: str, body: dict | None = None) -> dict:
    """One call; a payment has an Idempotency-Key, so that it can be sent again without harm."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if body is not None:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(bank + path, data=data, headers=headers, method=method)
    return opened(request)


def opened(request: urllib.request.Request) -> dict:
    """The bank's answer, or a sentence that says why there is none."""
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        try:
            told = json.load(refusal)
        except ValueError:
            told = {}
        code = told.get("error_code") or told.get("error") or refusal.code
        raise SystemExit(f"{code}: {told.get('message', 'the bank refused')}") from refusal
    except OSError as away:
        where = f"{request.type}://{request.host}"
        raise SystemExit(f"No bank answers at {where}: start it, or name it with --bank.") from away


def listen(secret: str, *, port: int) -> queue.Queue:
    """Take webhooks on this machine; what does not verify is refused and not looked at."""
    heard = queue.Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_good = verifies(secret, self.headers.get("X-Wekeza-Signature", ""), body)
            self.send_response(204 if is_good else 400)
            self.end_headers()
            if is_good:
                heard.put(json.loads(body))

        def log_message(self, *args):
            pass

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Hook)
    except OSError as taken:
        raise SystemExit(f"Port {port} is taken: is this demo running twice?") from taken
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return heard


def verifies(secret: str, header: str, body: bytes) -> bool:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA256 of t, a dot and the body; not older than 5 minutes."""
    parts = [part.partition("=") for part in header.split(",")]
    moments = [value for name, _, value in parts if name == "t" and value.isdigit()]
    if len(moments) != 1 or abs(time.time() - int(moments[0])) > OLDEST_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, moments[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(expected, value) for name, _, value in parts if name == "v1")


def follow(heard: queue.Queue, payment_id: str, *, ask: Callable[[], str], wait: int) -> str:
    """Wait until the payment is over. Events may come twice and are known by their id."""
    known, until = set(), time.monotonic() + wait
    while (left := until - time.monotonic()) > 0:
        try:
            event = heard.get(timeout=min(left, QUIET_SECONDS))
        except queue.Empty:
            if (status := ask()) != "PENDING":
                print("4. No webhook came yet; the bank itself says how it stands.")
                return status
            continue
        if event["id"] in known:
            continue
        known.add(event["id"])
        print(f"4. Verified webhook {event['type']}: {json.dumps(event['data'])}")
        is_ours = event["data"].get("payment_id") == payment_id
        if is_ours and event["data"]["status"] != "PENDING":
            return event["data"]["status"]
    return ask()


def shown(money: dict) -> str:
    return f"{money['currency']} {money['amount']}"


if __name__ == "__main__":
    main()
