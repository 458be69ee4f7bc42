"""What a customer declared, and every fact that the bank has of them as officers compare it."""

import json
import re

from accounts.customers import queries as customer_queries
from accounts.kyc.models import DeclaredFacts, Fact
from accounts.kyc.refusals import BadAddress, BadKraPin
from wekeza.kit.encryption import blind_index

_KRA_PIN = re.compile(r"[AP][0-9]{9}[A-Z]", re.ASCII)  # kenya.md 7.2

LEAST_LETTERS = 4


def normalised_kra_pin(text: str) -> str:
    """
    This will give a KRA PIN in capitals without gaps.

    :raises BadKraPin: if it is none.
    """
    kra_pin = "".join(text.split()).upper()
    if not _KRA_PIN.fullmatch(kra_pin):
        raise BadKraPin
    return kra_pin


def checked_address(text: str) -> str:
    """
    This will give an address without gaps around and in it.

    :raises BadAddress: if it has fewer letters than the shortest towns, Embu, Lamu and Meru.
    """
    address = " ".join(text.split())
    if sum(char.isalpha() for char in address) < LEAST_LETTERS:
        raise BadAddress
    return address


def declared_by(customer) -> DeclaredFacts | None:
    """This will give what a customer declared beside the profile."""
    return DeclaredFacts.objects.filter(customer=customer).first()


def facts_of(customer) -> dict[str, str]:
    """This will give every fact that the bank has of a customer, as text; empty when untold."""
    declared, user = declared_by(customer), customer.user
    income = declared.monthly_income if declared else None
    return {
        Fact.FULL_NAME: customer.full_name,
        Fact.NATIONAL_ID: customer.national_id,
        Fact.PHONE: user.phone if user.is_phone_verified else "",
        Fact.EMAIL: user.email,
        Fact.KRA_PIN: declared.kra_pin if declared else "",
        Fact.ADDRESS: customer_queries.main_address_of(customer),
        Fact.OCCUPATION: customer.occupation,
        Fact.MONTHLY_INCOME: "" if income is None else f"{declared.currency} {income:,.2f}",
        Fact.SOURCE_OF_FUNDS: declared.get_source_of_funds_display() if declared else "",
    }


def facts_digest(customer) -> str:
    """This will give the keyed hash of every fact of a customer, to see that none has changed."""
    return blind_index(json.dumps(facts_of(customer), default=str), context="kyc.facts")


def told_before(customer) -> dict:
    """This will give what a customer declared before, as the first values of the form."""
    declared = declared_by(customer)
    income = declared.monthly_income if declared else None
    return {
        "kra_pin": declared.kra_pin if declared else "",
        "address": customer_queries.main_address_of(customer),
        "occupation": customer.occupation,
        "monthly_income": "" if income is None else f"{income:,.2f}",
        "source_of_funds": declared.source_of_funds if declared else "",
    }
