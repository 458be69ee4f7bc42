"""
The demo bank's partner: Duka Books, with a sandbox app that Juma lets see his account, for the
script docs/partner_demo.py, which finds its key in demo-partner.json.
"""

import json
from datetime import datetime
from pathlib import Path

from accounts.customers.models import Customer
from accounts.partners import operations as partners
from accounts.partners.models import Partner, PartnerApp
from branch.demo import logins

HOOK = "http://127.0.0.1:8765/"  # Where the script listens.
SCOPES = ["accounts.read", "balances.read", "transactions.read", "payments.write"]


def open_partner(folder: Path, *, contact: Customer, giver: Customer, at: datetime) -> Path | None:
    """
    This will make the partner with its app, key, webhook and one consent, and write the app's
    secrets into the data folder; a second time nothing happens.
    """
    if Partner.objects.filter(login=contact.user).exists():
        return None
    actor = contact.actor
    partner = partners.apply(
        contact.user,
        name="Duka Books Ltd",
        registration_no="PVT-DEMO01",
        website="https://duka.example",
        purpose="Shops see their sales beside their books.",
        at=at,
        actor=actor,
    )
    app = partners.add_app(
        partner,
        name="Duka",
        mode=PartnerApp.Mode.SANDBOX,
        scopes=SCOPES,
        redirect_uris=["http://127.0.0.1:8765/callback"],
        networks=[],
        at=at,
        actor=actor,
    )
    key = partners.issue_key(app, at=at, actor=actor)
    hook = partners.webhooks.add(app, url=HOOK, topics=partners.webhooks.TOPICS, at=at, actor=actor)
    partners.consents.give(
        app,
        customer=giver,
        scopes=SCOPES,
        accounts=[account.number for account in giver.deposit_accounts.all()],
        days=180,
        language="en",
        at=at,
        actor=giver.actor,
    )
    facts = {"client_id": app.client_id, "key": key, "webhook_secret": hook.secret}
    logins.write_secret(folder / logins.PARTNER, json.dumps(facts, indent=1) + "\n")
    return folder / logins.PARTNER
