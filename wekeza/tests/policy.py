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
    "access_login_code",
    "access_new_password",
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
    "accounts:businesses:invitation",
    "accounts:customers:text",
    "accounts:gateway:docs",
    "accounts:gateway:errors",
    "accounts:gateway:openapi",
    "accounts:gateway:operation",
    "accounts:notifications:inbox",  # Demo banks only.
    "accounts:partners:quickstart",
    "api_nowhere",
    "branch:demo:staff",  # Demo banks only.
    "branch:online:hide_balances",
    "branch:online:home",
    "branch:online:kit",
    "branch:online:language",
    "branch:online:session_ended",
    "branch:online:theme",
    "branch:workbench:closed",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "oauth_metadata",
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
    "accounts:access:login_code",
    "accounts:access:logins",
    "accounts:access:questions",
    "accounts:access:security",
    "accounts:access:sessions",
    "accounts:customers:check",
    "accounts:customers:details",
    "accounts:customers:next_step",
    "accounts:customers:pin",
    "accounts:customers:welcome",
    "accounts:partners:app",
    "accounts:partners:apply",
    "accounts:partners:apps",
    "accounts:partners:change_app",
    "accounts:partners:close_app",
    "accounts:partners:key",
    "accounts:partners:key_after_confirm",
    "accounts:partners:leaked",
    "accounts:partners:logs",
    "accounts:partners:new_app",
    "accounts:partners:usage",
    "accounts:partners:webhook",
    "accounts:partners:webhooks",
    "branch:online:receipt",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}

# Customers; somebody else's thing is not there.
CUSTOMER = {
    "accounts:businesses:begin",
    "accounts:businesses:change",
    "accounts:businesses:change_mandate",
    "accounts:businesses:check",
    "accounts:businesses:company",
    "accounts:businesses:directors",
    "accounts:businesses:index",
    "accounts:businesses:invite",
    "accounts:businesses:leave",
    "accounts:businesses:mandate",
    "accounts:businesses:owners",
    "accounts:businesses:papers",
    "accounts:businesses:resolution",
    "accounts:businesses:team",
    "accounts:customers:add_address",
    "accounts:customers:add_phone",
    "accounts:customers:ask_change",
    "accounts:customers:change_address",
    "accounts:customers:confirm_phone",
    "accounts:customers:main_phone",
    "accounts:customers:make_main_address",
    "accounts:customers:profile",
    "accounts:customers:remove_address",
    "accounts:customers:remove_phone",
    "accounts:customers:settings",
    "accounts:customers:withdraw_change",
    "accounts:deposits:index",
    "accounts:documents:file",
    "accounts:documents:index",
    "accounts:documents:see",
    "accounts:documents:upload",
    "accounts:kyc:cancel",
    "accounts:kyc:facts",
    "accounts:kyc:ladder",
    "accounts:kyc:send",
    "accounts:kyc:start",
    "accounts:partners:consent",
    "accounts:partners:consents",
    "accounts:privacy:ask",
    "accounts:privacy:copy",
    "accounts:privacy:copy_json",
    "accounts:privacy:download",
    "accounts:privacy:index",
    "accounts:privacy:message",
    "accounts:privacy:news",
    "accounts:privacy:request_page",
    "accounts:privacy:withdraw",
    "accounts:statements:index",
    "accounts:statements:statement",
    "accounts:statements:transaction",
    "accounts:statements:transactions",
    "approvals:check",
    "approvals:detail",
    "approvals:pay",
    "approvals:queue",
    "branch:business:home",
    "payments:initiation:check",
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
    "branch:workbench:approval": set(),
    "branch:workbench:approvals": set(),
    "branch:workbench:customer": {"customer.look"},
    "branch:workbench:emergencies": set(),
    "branch:workbench:hire": {"staff.administer"},
    "branch:workbench:home": set(),
    "branch:workbench:member": {"staff.look"},
    "branch:workbench:search": {"customer.search"},
    "branch:workbench:staff": {"staff.look"},
}

# Desks of records: who may look, and who may ask for a new row.
DESKS = {
    "accounts_datarequest": ("customer.decide", ""),
    "accounts_fileview": ("customer.decide", ""),
    "accounts_identitycheck": ("kyc.review", ""),
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

# Doors of programs: by token alone, never by a session (wekeza/tests/api asks them).
PROGRAMS = ("v1:", "api:", "idp:")

# What Django's admin brings for every desk, and for itself.
DESK_PAGES = ("changelist", "add", "history", "delete", "change")
ADMIN_ITSELF = {
    "admin:?": "closed",  # What is left of old addresses.
    "admin:app_list": "staff",
    "admin:autocomplete": "closed",  # No desk of ours uses it: 403.
    "admin:index": "staff",
    "admin:jsi18n": "staff",
    "admin:login": "public",
    "admin:logout": "public",
    "admin:password_change": "public",  # These lead to the bank's own pages.
    "admin:password_change_done": "staff",
    "admin:view_on_site": "staff",
}

# What each method of the API asks for: "open" nothing; "login", "customer" a token of that kind of
# login and "person" of any; "staff" or "staff:<permission>" one of staff's; "partner" an app's
# token, "partner:<scope>" with that scope.
API = {
    "api:accounts_deposit": {"POST": "customer"},
    "api:accounts_me": {"GET": "customer"},
    "api:token": {"POST": "open"},
    "api:transactions_history": {"GET": "customer"},
    "api:users_me": {"GET": "person"},
    "api:wallet_deposit": {"POST": "customer"},
    "v1:account": {"GET": "customer"},
    "v1:account_tx": {"GET": "customer"},
    "v1:accounts": {"GET": "customer"},
    "v1:auth_login": {"POST": "open"},
    "v1:auth_logout": {"POST": "person"},
    "v1:auth_logout_all": {"POST": "person"},
    "v1:auth_me": {"GET": "person"},
    "v1:auth_refresh": {"POST": "open"},
    "v1:customer": {"GET": "customer"},
    "v1:customer_add": {"POST": "login"},
    "v1:customer_customer_add": {"POST": "login"},
    "v1:customer_me": {"GET": "customer", "PATCH": "customer"},
    "v1:customer_texts": {"GET": "open"},
    "v1:document": {"GET": "customer", "DELETE": "customer"},
    "v1:document_add": {"POST": "customer"},
    "v1:document_dispose": {"POST": "customer"},
    "v1:document_download": {"GET": "customer"},
    "v1:document_list": {"GET": "customer"},
    "v1:document_requirements": {"GET": "customer"},
    "v1:document_temporary": {"GET": "customer"},
    "v1:kyc_cancel": {"POST": "customer"},
    "v1:kyc_facts": {"POST": "customer"},
    "v1:kyc_initiate": {"POST": "customer"},
    "v1:kyc_status": {"GET": "customer"},
    "v1:kyc_submit": {"POST": "customer"},
    "v1:kyc_verify": {"POST": "staff:kyc.review"},
    "v1:nowhere": {},
    "v1:partner_account": {"GET": "partner:accounts.read"},
    "v1:partner_accounts": {"GET": "partner:accounts.read"},
    "v1:partner_balances": {"GET": "partner:balances.read"},
    "v1:partner_consents": {"GET": "partner"},
    "v1:partner_payment": {"GET": "partner:payments.write"},
    "v1:partner_payment_cancel": {"POST": "partner:payments.write"},
    "v1:partner_payments": {"POST": "partner:payments.write"},
    "v1:partner_transactions": {"GET": "partner:transactions.read"},
    "v1:permissions": {"GET": "staff:staff.look"},
    "v1:permissions_mine": {"GET": "staff"},
    "v1:permissions_roles": {"GET": "staff:staff.look"},
    "v1:register": {"POST": "open"},
    "v1:register_email": {"POST": "open"},
    "v1:register_phone": {"POST": "open"},
    "v1:register_resend": {"POST": "open"},
    "v1:topup": {"GET": "customer"},
    "v1:topups": {"POST": "customer"},
    "v1:totp_confirm": {"POST": "person"},
    "v1:totp_disable": {"POST": "person"},
    "v1:totp_recovery_codes": {"POST": "person"},
    "v1:totp_setup": {"POST": "person"},
    "v1:totp_status": {"GET": "person"},
    "v1:transfer": {"GET": "customer"},
    "v1:transfer_authorise": {"POST": "customer"},
    "v1:transfer_cancel": {"POST": "customer"},
    "v1:transfer_code": {"POST": "customer"},
    "v1:transfers": {"POST": "customer"},
    "v1:user": {"GET": "staff:staff.look"},
    "v1:user_me": {"GET": "staff"},
    "v1:user_roles": {"POST": "staff:staff.administer"},
    "v1:user_suspend": {"POST": "staff:staff.administer"},
    "v1:users": {"GET": "staff:staff.look"},
}

# The identity provider's own doors: what they answer to whoever sends nothing sound.
OAUTH = {
    "idp:oidc:authorization": {"GET": 400, "POST": 400},
    "idp:oidc:revoke": {"POST": 400},
    "idp:oidc:token": {"POST": 401},
}
