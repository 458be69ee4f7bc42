"""
The only place that looks upward: registries which the roof fills and lower floors never import.

Each value is a dotted path, so that importing this module imports no floor.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Event name -> the handlers that the outbox sweeper calls, after commit, at least once.
EVENTS: dict[str, list[str]] = {
    "identity.check_asked": ["accounts.registry.operations.hear"],
    "consent.given": ["accounts.partners.webhooks.tell_consent"],
    "consent.ended": ["accounts.partners.webhooks.tell_consent"],
    "message.queued": ["accounts.notifications.operations.deliver"],
    "phone.changed": ["accounts.customers.contacts.ask_about_phone"],
    "books.broken": ["branch.close_of_business.notices.tell_of_broken_books"],
    "staff.left": ["accounts.access.sessions.end_of_staff"],
    "staff.glass_broken": ["branch.workbench.operations.alarm"],
    "screening.case_opened": [
        "accounts.customers.standing.follow_screening",
        "accounts.businesses.screening.follow_screening",
    ],
    "screening.cleared": [
        "accounts.customers.standing.follow_screening",
        "accounts.businesses.screening.follow_screening",
    ],
    "screening.confirmed": [
        "accounts.customers.standing.follow_screening",
        "accounts.businesses.screening.follow_screening",
    ],
    "screening.list_in_force": [
        "accounts.customers.tasks.screen_all",
        "accounts.businesses.tasks.screen_all",
    ],
    "statement.asked": ["accounts.statements.tasks.make_asked"],
    "topup.started": ["payments.topups.operations.finish_started"],
    "topup.returned": ["payments.topups.operations.send_back"],
    "topup.paid": [
        "payments.topups.notices.tell_holder",
        "payments.initiation.notices.tell_of_topup",
    ],
    "transfer.paid": [
        "payments.transfers.notices.tell_both",
        "payments.initiation.operations.settle",
        "payments.initiation.notices.tell_of_transfer",
    ],
    "transfer.rejected": ["payments.approvals.notices.tell_maker"],
    "transfer.waiting": ["payments.approvals.notices.ask_signatories"],
    "loan.asked": [
        "lending.decisions.operations.answer_asked",
        "lending.business.operations.answer_asked",
    ],
    "initiation.asked": ["payments.initiation.notices.tell_app"],
    "initiation.cancelled": ["payments.initiation.notices.tell_app"],
    "initiation.completed": ["payments.initiation.notices.tell_app"],
}

# SQL proofs of floors above the ledger, asked together with the ledger's own.
PROOFS: list[Path] = sorted(ROOT.glob("*/*/proofs/P*.sql"))

# The chapters of the demo bank's story, in order.
DEMO_CHAPTERS: list[str] = []

# Deeds that need a second person: name -> operation. Who asks and who decides is data
# (accounts/staff/data/actions.json, then ApprovalRule).
APPROVABLE: dict[str, str] = {
    "kyc.raise_tier": "accounts.kyc.operations.raise_tier",
    "customers.correct": "accounts.customers.corrections.correct",
    "customers.open_restricted": "accounts.privacy.restricted.open_restricted",
    "customers.lift": "accounts.customers.standing.lift_suspension",
    "screening.accept_list": "accounts.screening.lists.accept_list",
    "partners.admit": "accounts.partners.operations.admit",
    "close_of_business.force": "branch.close_of_business.operations.force",
    "businesses.activate": "accounts.businesses.opening.activate",
    "businesses.confirm_change": "accounts.businesses.changes.confirm",
    "businesses.send_back": "accounts.businesses.opening.send_back",
    "terms.change": "ledger.approvals.terms.change",
    "staff.admit": "accounts.staff.operations.admit",
    "staff.grant_role": "accounts.staff.operations.grant_role",
    "staff.resume": "accounts.staff.operations.resume",
    "monitor.publish": "accounts.monitoring.publishing.publish",
    "monitor.close": "accounts.monitoring.closing.close",
    "staff.change_role": "accounts.staff.roles.change_role",
    "books.lift_freeze": "branch.books.freezes.lift",
    "vouchers.post": "ledger.vouchers.operations.post",
    "periods.close": "ledger.periods.operations.close",
    "periods.reopen": "ledger.periods.operations.reopen",
    "periods.close_year": "ledger.periods.operations.close_year",
    "fraud.end_mark": "lending.fraud.operations.end_mark",
    "lending.lift_stop": "lending.stops.operations.lift",
    "lending.approve_large": "lending.decisions.operations.approve_large",
    "lending.write_off": "lending.writeoffs.operations.write_off",
    "lending.restructure": "lending.restructures.operations.offer",
    "lending.reverse_repayment": "lending.replays.operations.reverse",
    "lending.pay_earlier": "lending.replays.operations.pay_earlier",
    "lending.mark_borrower": "lending.watch.operations.mark",
    "lending.lift_mark": "lending.watch.operations.lift",
}

# Lines and kinds of entries that a room keeps by itself: no voucher books or reverses them.
KEPT_BY_ROOMS: list[str] = [
    "accounts.savings.queries.KEPT",
    "ledger.periods.queries.KEPT",
    "lending.provisions.queries.KEPT",
    "lending.repayments.queries.kept",
    "lending.writeoffs.queries.KEPT",
]

# The tables of dated terms, each with what names one of its rows; the rest of a row is its term.
TERMS: dict[str, tuple[str, ...]] = {
    "accounts.tierlimit": ("tier", "kind", "currency"),
    "accounts.tariff": ("code", "currency"),
    "accounts.exciserate": ("excise_class",),
    "accounts.taxrate": ("kind",),
    "accounts.interestterm": ("product",),
    "accounts.depositterm": ("product",),
    "accounts.documentterm": ("kind",),
    "accounts.kycterm": ("kind",),
    "accounts.matchthreshold": ("kind",),
    "accounts.partnerquota": ("mode", "app"),
    "accounts.passwordpolicy": (),
    "accounts.privacyterm": ("kind",),
    "accounts.screeningterms": (),
    "accounts.tierrequirement": ("tier", "needs"),
    "accounts.paperrequirement": ("legal_form", "kind"),
    "accounts.monitorclock": ("kind",),
    "accounts.staffterm": ("kind",),
    "accounts.statementterm": ("kind",),
    "ledger.approvalrule": ("deed",),
    "lending.loanterm": ("product",),
    "lending.allocationorder": ("product", "standing"),
    "lending.lendingline": ("role",),
    "lending.gradeprice": ("product", "from_score"),
    "lending.sectorterm": ("sector",),
    "lending.lendinglimit": ("kind",),
    "lending.creditterm": ("kind",),
    "lending.bureauterm": ("kind",),
    "lending.businessterm": ("kind",),
    "lending.evidenceterm": ("evidence",),
    "lending.reminderterm": ("kind",),
    "lending.replayterm": ("kind",),
    "lending.restructureterm": ("kind",),
    "lending.classterm": ("loan_class",),
    "lending.provisionterm": ("kind",),
    "lending.lossterm": ("product",),
    "lending.securityterm": ("thing",),
    "lending.outcometerm": ("product",),
    "lending.monitorterm": ("kind",),
    "lending.referenceterm": ("scorecard",),
    "lending.arrearsterm": ("kind",),
    "lending.collectionbucket": ("code",),
    "lending.collectionstep": ("code",),
    "lending.collectionterm": ("kind",),
    "lending.creditcap": ("tier",),
    "lending.productcap": ("product", "tier"),
    "lending.loanrequirement": ("product", "needs"),
    "lending.purchaseterm": ("product", "thing"),
    "lending.fraudrule": ("code",),
    "lending.fraudterm": ("kind",),
    "lending.scorecard": ("card",),
    "lending.watchterm": ("kind",),
    "lending.writeoffterm": ("kind",),
}

# Whom the books ask who may ask for a deed and who may decide a request, who holds a permission,
# and which permissions there are.
WHO_MAY_ASK = "accounts.staff.queries.actor_may"
WHO_MAY_DECIDE = "accounts.staff.deciding.may_decide"
WHO_HOLDS = "accounts.staff.queries.holders_of"
PERMISSIONS = "accounts.staff.queries.permissions"

# What each room holds on a person, for the copy that customers may ask for: section -> query. What
# the law forbids to tell of (screening, cases, reports) is named here by nobody.
PERSONAL_DATA: dict[str, str] = {
    "about_you": "accounts.customers.queries.held_on",
    "contacts": "accounts.customers.queries.contacts_held_on",
    "consents": "accounts.customers.queries.consents_held_on",
    "corrections": "accounts.customers.queries.changes_held_on",
    "identity_checks": "accounts.registry.queries.held_on",
    "loan_applications": "lending.applications.queries.held_on",
    "credit_decisions": "lending.decisions.queries.held_on",
    "loans": "lending.loans.queries.held_on",
    "loan_instructions": "lending.instructions.queries.held_on",
    "repayments": "lending.repayments.queries.held_on",
    "loan_classes": "lending.arrears.queries.held_on",
    "loan_changes": "lending.restructures.queries.held_on",
    "loan_replays": "lending.replays.queries.held_on",
    "loan_outcomes": "lending.monitoring.queries.held_on",
    "loans_written_off": "lending.writeoffs.queries.held_on",
    "loan_promises": "lending.collections.queries.held_on",
    "loan_contacts": "lending.collections.queries.contacts_held_on",
    "bureau_enquiries": "lending.bureau.queries.held_on",
    "borrower_marks": "lending.watch.queries.held_on",
    "declared": "accounts.kyc.held.declared_held_on",
    "papers": "accounts.documents.queries.held_on",
    "tier_requests": "accounts.kyc.held.requests_held_on",
    "reviews": "accounts.kyc.held.reviews_held_on",
    "renewals": "accounts.kyc.held.notices_held_on",
    "partner_apps": "accounts.partners.queries.held_on",
    "businesses": "accounts.businesses.held.roles_held_on",
    "shares": "accounts.businesses.held.shares_held_on",
    "invitations": "accounts.businesses.held.invitations_held_on",
    "signatures": "accounts.businesses.held.signatures_held_on",
    "accounts": "accounts.statements.queries.held_on",
    "statement_files": "accounts.statements.filed.held_on",
    "logins": "accounts.access.queries.logins_held_on",
    "messages": "accounts.notifications.queries.held_on",
    "message_choices": "accounts.notifications.queries.choices_held_on",
    "who_looked": "accounts.privacy.queries.views_held_on",
    "who_looked_at_papers": "accounts.privacy.queries.paper_views_held_on",
    "requests": "accounts.privacy.queries.requests_held_on",
    "blocked_loans": "lending.stops.queries.held_on",
}

# What `./bank bench NAME` and `./bank drill NAME` run: modules, started as programs.
BENCHES: dict[str, str] = {
    "cob": "wekeza.bench.cob",
    "decision": "wekeza.bench.decision",
    "ledger": "wekeza.bench.ledger",
    "pages": "wekeza.bench.pages",
    "screening": "wekeza.bench.screening",
    "web": "wekeza.bench.web",
}
DRILLS: dict[str, str] = {
    "cob": "wekeza.drills.cob",
    "crash": "wekeza.drills.crash",
    "fuzz": "wekeza.drills.fuzz",
    "logins": "wekeza.drills.logins",
    "model": "wekeza.drills.model",
    "planted": "wekeza.drills.plant",
    "restore": "wekeza.drills.restore",
    "rotation": "wekeza.drills.rotation",
}
