"""
Every address of the API: /api/v1/… and the mission's short ones. Aliases lead to one door (X6).
"""

from django.urls import include, path, re_path

from accounts.access import api as access
from accounts.access import register_api as register
from accounts.access import totp_api as totp
from accounts.customers import api as customers
from accounts.deposits import api as deposits
from accounts.documents import api as documents
from accounts.kyc import api as kyc
from accounts.staff import api as staff
from accounts.statements import api as statements
from branch.credit import api as credit
from lending.collections import api as late
from lending.decisions import api as loans
from lending.fraud import api as fraud
from lending.overview import api as overview
from lending.repayments import api as repayments
from payments.topups import api as topups
from payments.transfers import api as transfers
from wekeza.kit.api import Nowhere

short = [
    path("token", access.Token.as_view(), name="token"),
    path("users/me", access.WhoAmI.as_view(), name="users_me"),
    path("accounts/me", deposits.Mine.as_view(), name="accounts_me"),
    path("accounts/deposit", topups.Deposit.as_view(), name="accounts_deposit"),
    path("wallet/deposit", topups.Deposit.as_view(), name="wallet_deposit"),
    path("loans/apply", loans.Apply.as_view(), name="loans_apply"),
    path("loans/active", repayments.Active.as_view(), name="loans_active"),
    path("loans/repay", repayments.Repay.as_view(), name="loans_repay"),
    path("transactions/history", statements.History.as_view(), name="transactions_history"),
]

v1 = [
    path("auth/login", access.Login.as_view(), name="auth_login"),
    path("auth/refresh", access.Refresh.as_view(), name="auth_refresh"),
    path("auth/logout", access.Logout.as_view(), name="auth_logout"),
    path("auth/logout/everywhere", access.LogoutEverywhere.as_view(), name="auth_logout_all"),
    path("auth/me", access.WhoAmI.as_view(), name="auth_me"),
    path("auth/register", register.Register.as_view(), name="register"),
    path("auth/register/phone", register.ConfirmPhone.as_view(), name="register_phone"),
    path("auth/register/email", register.ConfirmEmail.as_view(), name="register_email"),
    path("auth/register/resend", register.Resend.as_view(), name="register_resend"),
    path("2fa/totp/status", totp.SeeStatus.as_view(), name="totp_status"),
    path("2fa/totp/setup", totp.Setup.as_view(), name="totp_setup"),
    path("2fa/totp/confirm", totp.Confirm.as_view(), name="totp_confirm"),
    path("2fa/totp/disable", totp.Disable.as_view(), name="totp_disable"),
    path("2fa/totp/recovery-codes", totp.Renew.as_view(), name="totp_recovery_codes"),
    path("customer/add", customers.Add.as_view(), name="customer_add"),
    path("customer/customer/add", customers.Add.as_view(), name="customer_customer_add"),
    path("customer/me", customers.Mine.as_view(), name="customer_me"),
    path("customer/kyc/initiate", kyc.Initiate.as_view(), name="kyc_initiate"),
    path("customer/kyc/facts", kyc.Tell.as_view(), name="kyc_facts"),
    path("customer/kyc/submit", kyc.Submit.as_view(), name="kyc_submit"),
    path("customer/kyc/cancel", kyc.Cancel.as_view(), name="kyc_cancel"),
    path("customer/kyc/status", kyc.SeeStatus.as_view(), name="kyc_status"),
    path("customer/kyc/verify", kyc.Verify.as_view(), name="kyc_verify"),
    path("customer/texts", customers.Texts.as_view(), name="customer_texts"),
    path("customer/<uuid:public_id>", customers.One.as_view(), name="customer"),
    path("document/requirements", kyc.Needed.as_view(), name="document_requirements"),
    path("document/file/add", documents.Add.as_view(), name="document_add"),
    path("document/file/list", documents.List.as_view(), name="document_list"),
    path("document/file/<uuid:public_id>", documents.One.as_view(), name="document"),
    path(
        "document/file/<uuid:public_id>/dispose",
        documents.Dispose.as_view(),
        name="document_dispose",
    ),
    path(
        "document/file/<uuid:public_id>/download",
        documents.Download.as_view(),
        name="document_download",
    ),
    path(
        "document/temporary/<str:token>", documents.Temporary.as_view(), name="document_temporary"
    ),
    path("user/", staff.Users.as_view(), name="users"),
    path("user/me", staff.Me.as_view(), name="user_me"),
    path("user/<uuid:public_id>", staff.User.as_view(), name="user"),
    path("user/<uuid:public_id>/roles", staff.GiveRole.as_view(), name="user_roles"),
    path("user/<uuid:public_id>/suspend", staff.Suspend.as_view(), name="user_suspend"),
    path("permissions/", staff.EveryPermission.as_view(), name="permissions"),
    path("permissions/roles", staff.EveryRole.as_view(), name="permissions_roles"),
    path("permissions/roles/<str:code>", staff.ChangeRole.as_view(), name="permissions_role"),
    path("permissions/mine", staff.Mine.as_view(), name="permissions_mine"),
    path("accounts/", deposits.Mine.as_view(), name="accounts"),
    path("accounts/<str:number>/", deposits.One.as_view(), name="account"),
    path("accounts/<str:number>/holds/", deposits.Holds.as_view(), name="account_holds"),
    path("accounts/<str:number>/transactions/", statements.OfAccount.as_view(), name="account_tx"),
    path("payments/topups/", topups.Deposit.as_view(), name="topups"),
    path("payments/topups/<str:receipt_no>/", topups.One.as_view(), name="topup"),
    path("payments/transfers/", transfers.New.as_view(), name="transfers"),
    path("payments/transfers/<uuid:public_id>/", transfers.One.as_view(), name="transfer"),
    path(
        "payments/transfers/<uuid:public_id>/authorise",
        transfers.Authorise.as_view(),
        name="transfer_authorise",
    ),
    path(
        "payments/transfers/<uuid:public_id>/cancel",
        transfers.Cancel.as_view(),
        name="transfer_cancel",
    ),
    path(
        "payments/transfers/<uuid:public_id>/code", transfers.Code.as_view(), name="transfer_code"
    ),
    path("loan/limit", loans.SeeLimit.as_view(), name="loan_limit"),
    path("loan/application/", overview.Applications.as_view(), name="loan_applications"),
    path("loan/application/add", loans.Apply.as_view(), name="loan_application_add"),
    path("loan/application/<uuid:public_id>/", loans.One.as_view(), name="loan_application"),
    path("loan/application/<uuid:public_id>/take", loans.Take.as_view(), name="loan_take"),
    path("loan/application/<uuid:public_id>/code", loans.Code.as_view(), name="loan_code"),
    path(
        "loan/application/<uuid:public_id>/withdraw",
        loans.Withdraw.as_view(),
        name="loan_withdraw",
    ),
    path("loan/fraud/check", fraud.Check.as_view(), name="loan_fraud_check"),
    path("loan/fraudflag/escalate", fraud.Escalate.as_view(), name="loan_fraud_escalate"),
    path("loan/scoring/loan", credit.Score.as_view(), name="loan_scoring"),
    path("loan/loan/approve", credit.Approve.as_view(), name="loan_approve"),
    path("loan/loan/disburse", loans.Disburse.as_view(), name="loan_disburse"),
    path("loan/promise/", late.List.as_view(), name="loan_promises"),
    path("loan/promise/add", late.Add.as_view(), name="loan_promise_add"),
    path("loan/loan/<uuid:public_id>/", repayments.OneLoan.as_view(), name="loan"),
    path("loan/loans/", repayments.Active.as_view(), name="loans"),
    path("loan/repayment/add", repayments.Repay.as_view(), name="loan_repayment_add"),
    path("partner/", include("accounts.partners.api_urls")),
    path("partner/payments/", include("payments.initiation.api_urls")),
    re_path("", Nowhere.as_view(), name="nowhere"),
]
