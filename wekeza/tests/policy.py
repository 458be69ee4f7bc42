"""
Who may open which address of the bank (G11). Every named address stands here once: one that nobody
declared fails the test. What roles hold is read from the data that the bank was founded with.
"""

import json

from wekeza.runtime.env import ROOT

_ROLES = {
    role["code"]: role for role in json.loads((ROOT / "accounts/staff/data/roles.json").read_text())
}


def held_by(role: str) -> set[str]:
    """Everything a role may do: its own permissions and those of the roles above it."""
    held, at = set(), role
    while at:
        held |= set(_ROLES[at]["permissions"])
        at = _ROLES[at]["parent"]
    return held


STAFF_ROLES = sorted(code for code, role in _ROLES.items() if role["is_staff_role"])

# Anybody, also without a login.
PUBLIC = {
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_verify_phone",
    "accounts:customers:text",
    "accounts:notifications:inbox",  # Demo banks only.
    "branch:demo:staff",  # Demo banks only.
    "branch:online:hide_balances",
    "branch:online:home",
    "branch:online:kit",
    "branch:online:language",
    "branch:online:session_ended",
    "branch:online:theme",
    "branch:workbench:closed",
    "mfa_authenticate",
}

# Whoever is signed in, customer or staff.
SIGNED_IN = {
    "account_change_password",
    "account_change_phone",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
    "accounts:access:change_pin",
    "accounts:access:confirm",
    "accounts:access:security",
    "accounts:customers:check",
    "accounts:customers:details",
    "accounts:customers:next_step",
    "accounts:customers:pin",
    "accounts:customers:welcome",
    "branch:online:receipt",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}

# Customers; somebody else's thing is not there.
CUSTOMER = {
    "accounts:customers:profile",
    "accounts:customers:settings",
    "accounts:deposits:index",
    "accounts:statements:index",
    "accounts:statements:statement",
    "accounts:statements:transaction",
    "accounts:statements:transactions",
    "payments:topups:receipt",
    "payments:topups:start",
    "payments:transfers:check",
    "payments:transfers:hub",
    "payments:transfers:payee",
    "payments:transfers:quote",
    "payments:transfers:receipt",
    "payments:transfers:send",
}

# Staff let in with a second factor who hold one of these permissions; an empty set is all of them.
STAFF = {
    "branch:onboarding:check": {"kyc.review"},
    "branch:onboarding:checks": {"kyc.review"},
    "branch:onboarding:correction": {"customer.correct"},
    "branch:onboarding:corrections": {"customer.correct"},
    "branch:onboarding:kyc": {"kyc.review"},
    "branch:onboarding:data_request": {"customer.decide"},
    "branch:onboarding:data_requests": {"customer.decide"},
    "branch:onboarding:review": {"kyc.review"},
    "branch:workbench:approval": set(),
    "branch:workbench:approvals": set(),
    "branch:workbench:ask_access": {"customer.look"},
    "branch:workbench:customer": {"customer.look"},
    "branch:workbench:emergencies": set(),
    "branch:workbench:hire": {"staff.administer"},
    "branch:workbench:home": set(),
    "branch:workbench:member": {"staff.look"},
    "branch:workbench:paper": {"document.look"},
    "branch:workbench:reveal": {"customer.reveal"},
    "branch:workbench:search": {"customer.search"},
    "branch:workbench:staff": {"staff.look"},
}

# Desks of records: who may look, and who may ask for a new row.
DESKS = {
    "accounts_exciserate": ("customer.search", "terms.propose"),
    "accounts_loginevent": ("audit.look", ""),
    "accounts_message": ("api.look", ""),
    "accounts_tariff": ("customer.search", "terms.propose"),
    "accounts_tierlimit": ("customer.search", "terms.propose"),
    "ledger_approval": ("audit.look", ""),
    "ledger_approvalrule": ("staff.look", "terms.propose"),
    "ledger_auditentry": ("audit.look", ""),
    "ledger_holiday": ("books.look", ""),
    "ledger_outboxmessage": ("api.look", ""),
}

# What Django's admin brings for every desk, and for itself.
DESK_PAGES = ("changelist", "add", "history", "delete", "change")
ADMIN_ITSELF = {
    "admin:?": "closed",  # What is left of old addresses.
    "admin:app_list": "staff",
    "admin:autocomplete": "staff",
    "admin:index": "staff",
    "admin:jsi18n": "staff",
    "admin:login": "public",
    "admin:logout": "public",
    "admin:password_change": "public",  # These lead to the bank's own pages.
    "admin:password_change_done": "staff",
    "admin:view_on_site": "staff",
}
