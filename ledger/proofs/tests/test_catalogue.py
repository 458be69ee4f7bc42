"""The catalogue of the database: who may do what, and what every table has."""

import re

import pytest
from django.apps import apps

pytestmark = pytest.mark.django_db(transaction=True)


WRITABLE = {"SELECT", "INSERT", "UPDATE", "DELETE"}


# What the application role may do, wherever it is less than reading and writing rows.
DECLARED = {
    "accounts_alert": {"SELECT", "INSERT"},
    "accounts_alertentry": {"SELECT", "INSERT"},
    "accounts_alerthit": {"SELECT", "INSERT"},
    "accounts_apicall": {"SELECT", "INSERT", "DELETE"},
    "accounts_branch": {"SELECT"},
    "accounts_breakglass": {"SELECT", "INSERT"},
    "accounts_change": {"SELECT", "INSERT"},
    "accounts_consent": {"SELECT", "INSERT"},
    "accounts_datarequest": {"SELECT", "INSERT", "UPDATE"},
    "accounts_declaredfacts": {"SELECT", "INSERT", "UPDATE"},
    "accounts_document": {"SELECT", "INSERT", "UPDATE"},
    "accounts_documentterm": {"SELECT", "INSERT"},
    "accounts_documentview": {"SELECT", "INSERT"},
    "accounts_exciserate": {"SELECT", "INSERT"},
    "accounts_expirynotice": {"SELECT", "INSERT", "UPDATE"},
    "accounts_fileaccess": {"SELECT", "INSERT"},
    "accounts_fileview": {"SELECT", "INSERT"},
    "accounts_hit": {"SELECT", "INSERT", "UPDATE"},
    "accounts_depositterm": {"SELECT", "INSERT"},
    "accounts_identitycheck": {"SELECT", "INSERT", "UPDATE"},
    "accounts_interestaccrual": {"SELECT"},
    "accounts_interestjournal": {"SELECT", "INSERT"},
    "accounts_interestpayment": {"SELECT"},
    "accounts_interestterm": {"SELECT", "INSERT"},
    "accounts_kycterm": {"SELECT", "INSERT"},
    "accounts_listentry": {"SELECT", "INSERT"},
    "accounts_listname": {"SELECT", "INSERT", "DELETE"},
    "accounts_listversion": {"SELECT", "INSERT", "UPDATE"},
    "accounts_mandateband": {"SELECT", "INSERT"},
    "accounts_matchthreshold": {"SELECT", "INSERT"},
    "accounts_member": {"SELECT", "INSERT"},
    "accounts_monitorcase": {"SELECT", "INSERT"},
    "accounts_monitorclock": {"SELECT", "INSERT"},
    "accounts_monitormark": {"SELECT"},
    "accounts_monitornote": {"SELECT", "INSERT"},
    "accounts_monitorrule": {"SELECT", "INSERT"},
    "accounts_paperrequirement": {"SELECT", "INSERT"},
    "accounts_partnerquota": {"SELECT", "INSERT"},
    "accounts_partnerscope": {"SELECT"},
    "accounts_passwordpolicy": {"SELECT", "INSERT"},
    "accounts_permission": {"SELECT"},
    "accounts_privacyterm": {"SELECT", "INSERT"},
    "accounts_product": {"SELECT"},
    "accounts_profilechange": {"SELECT", "INSERT", "UPDATE"},
    "accounts_resolution": {"SELECT", "INSERT"},
    "accounts_resolutionsignature": {"SELECT", "INSERT"},
    "accounts_review": {"SELECT", "INSERT"},
    "accounts_role": {"SELECT"},
    "accounts_rolegrant": {"SELECT", "INSERT"},
    "accounts_rolepermission": {"SELECT", "INSERT"},
    "accounts_screeningchunk": {"SELECT", "INSERT", "UPDATE"},
    "accounts_screeninglist": {"SELECT"},
    "accounts_screeningrun": {"SELECT", "INSERT"},
    "accounts_screeningterms": {"SELECT", "INSERT"},
    "accounts_signature": {"SELECT", "INSERT"},
    "accounts_spentgrant": {"SELECT", "INSERT", "DELETE"},
    "accounts_staffmember": {"SELECT", "INSERT"},
    "accounts_staffterm": {"SELECT", "INSERT"},
    "accounts_statementfile": {"SELECT", "INSERT", "UPDATE"},
    "accounts_statementterm": {"SELECT", "INSERT"},
    "accounts_submission": {"SELECT", "INSERT", "UPDATE"},
    "accounts_tariff": {"SELECT", "INSERT"},
    "accounts_taxrate": {"SELECT", "INSERT"},
    "accounts_tier": {"SELECT"},
    "accounts_tierlimit": {"SELECT", "INSERT"},
    "accounts_tierrequirement": {"SELECT", "INSERT"},
    "accounts_webhookattempt": {"SELECT", "INSERT"},
    "django_migrations": {"SELECT"},
    "lending_allocation": {"SELECT", "INSERT"},
    "lending_allocationorder": {"SELECT", "INSERT"},
    "lending_arrearsterm": {"SELECT", "INSERT"},
    "lending_classchange": {"SELECT", "INSERT"},
    "lending_classterm": {"SELECT", "INSERT"},
    "lending_casestep": {"SELECT", "INSERT"},
    "lending_collectionbucket": {"SELECT", "INSERT"},
    "lending_collectioncase": {"SELECT", "INSERT"},
    "lending_collectioncontact": {"SELECT", "INSERT"},
    "lending_collectionstep": {"SELECT", "INSERT"},
    "lending_collectionterm": {"SELECT", "INSERT"},
    "lending_creditdecision": {"SELECT", "INSERT"},
    "lending_earningjournal": {"SELECT", "INSERT"},
    "lending_instructionrun": {"SELECT", "INSERT"},
    "lending_loan": {"SELECT", "INSERT"},
    "lending_loanapplication": {"SELECT", "INSERT"},
    "lending_loanearning": {"SELECT", "INSERT"},
    "lending_loaninstalment": {"SELECT", "INSERT"},
    "lending_loanperiod": {"SELECT", "INSERT", "UPDATE"},
    "lending_loanstanding": {"SELECT", "INSERT", "UPDATE"},
    "lending_feerelease": {"SELECT", "INSERT"},
    "lending_scheduleversion": {"SELECT", "INSERT"},
    "lending_loanpromise": {"SELECT", "INSERT"},
    "lending_loanreminder": {"SELECT", "INSERT"},
    "lending_promisepart": {"SELECT", "INSERT"},
    "lending_reminderterm": {"SELECT", "INSERT"},
    "lending_repayment": {"SELECT", "INSERT"},
    "lending_replay": {"SELECT", "INSERT"},
    "lending_replayterm": {"SELECT", "INSERT"},
    "lending_bureauenquiry": {"SELECT", "INSERT"},
    "lending_bureauterm": {"SELECT", "INSERT"},
    "lending_businessrequest": {"SELECT", "INSERT"},
    "lending_businessterm": {"SELECT", "INSERT"},
    "lending_evidenceterm": {"SELECT", "INSERT"},
    "lending_creditcap": {"SELECT", "INSERT"},
    "lending_creditterm": {"SELECT", "INSERT"},
    "lending_fraudassessment": {"SELECT", "INSERT"},
    "lending_fraudcase": {"SELECT", "INSERT"},
    "lending_fraudflag": {"SELECT", "INSERT"},
    "lending_fraudmark": {"SELECT", "INSERT"},
    "lending_fraudnote": {"SELECT", "INSERT"},
    "lending_fraudrule": {"SELECT", "INSERT"},
    "lending_fraudterm": {"SELECT", "INSERT"},
    "lending_gradeprice": {"SELECT", "INSERT"},
    "lending_lendinglimit": {"SELECT", "INSERT"},
    "lending_lendingline": {"SELECT", "INSERT"},
    "lending_lendingstop": {"SELECT", "INSERT"},
    "lending_loanevidence": {"SELECT", "INSERT"},
    "lending_loanproduct": {"SELECT"},
    "lending_loanrequirement": {"SELECT", "INSERT"},
    "lending_restructure": {"SELECT", "INSERT"},
    "lending_restructureterm": {"SELECT", "INSERT"},
    "lending_loanpurchase": {"SELECT", "INSERT"},
    "lending_productcap": {"SELECT", "INSERT"},
    "lending_purchaseterm": {"SELECT", "INSERT"},
    "lending_loanterm": {"SELECT", "INSERT"},
    "lending_scorecard": {"SELECT", "INSERT"},
    "lending_sectorterm": {"SELECT", "INSERT"},
    "lending_standinginstruction": {"SELECT", "INSERT"},
    "lending_suspensemove": {"SELECT", "INSERT"},
    "lending_loanprovision": {"SELECT", "INSERT"},
    "lending_loanoutcome": {"SELECT", "INSERT"},
    "lending_loanverdict": {"SELECT", "INSERT"},
    "lending_lossterm": {"SELECT", "INSERT"},
    "lending_securityterm": {"SELECT", "INSERT"},
    "lending_borrowermark": {"SELECT", "INSERT"},
    "lending_watchterm": {"SELECT", "INSERT"},
    "lending_writeoff": {"SELECT", "INSERT"},
    "lending_writeoffterm": {"SELECT", "INSERT"},
    "lending_monitorterm": {"SELECT", "INSERT"},
    "lending_outcometerm": {"SELECT", "INSERT"},
    "lending_cardmonth": {"SELECT", "INSERT"},
    "lending_referenceterm": {"SELECT", "INSERT"},
    "lending_originalrate": {"SELECT", "INSERT"},
    "lending_provisionjournal": {"SELECT", "INSERT"},
    "lending_provisionrun": {"SELECT", "INSERT"},
    "lending_provisionterm": {"SELECT", "INSERT"},
    "lending_stoppedattempt": {"SELECT", "INSERT"},
    "ledger_approval": {"SELECT", "INSERT"},
    "ledger_approvalrule": {"SELECT", "INSERT"},
    "ledger_approvalsignature": {"SELECT", "INSERT"},
    "ledger_auditentry": {"SELECT", "INSERT"},
    "ledger_backup": {"SELECT", "INSERT"},
    "ledger_balance": {"SELECT"},
    "ledger_bankfact": {"SELECT"},
    "ledger_batch": {"SELECT"},
    "ledger_businessday": {"SELECT"},
    "ledger_counter": {"SELECT"},
    "ledger_currency": {"SELECT"},
    "ledger_dailybalance": {"SELECT"},
    "ledger_doorkey": {"SELECT", "INSERT"},
    "ledger_entry": {"SELECT"},
    "ledger_hold": {"SELECT"},
    "ledger_financialyear": {"SELECT"},
    "ledger_holiday": {"SELECT", "INSERT"},
    "ledger_inboxreceipt": {"SELECT", "INSERT"},
    "ledger_ledgeraccount": {"SELECT"},
    "ledger_outboxmessage": {"SELECT", "INSERT", "UPDATE"},
    "ledger_period": {"SELECT"},
    "ledger_posting": {"SELECT"},
    "ledger_proofrun": {"SELECT", "INSERT"},
    "ledger_seal": {"SELECT"},
}


# Rows of these are written once but for what is named here.
COLUMNS = {
    "accounts_change": {
        *("state", "decided_by_id", "bank_approval", "decided_at", "reason", "updated_at"),
    },
    "accounts_consent": {"withdrawn_at", "updated_at"},
    "accounts_mandateband": {"valid_until", "updated_at"},
    "accounts_member": {"left_at", "updated_at"},
    "accounts_resolution": {"replaced_at", "updated_at"},
    "accounts_review": {"state", "updated_at"},
    "accounts_alert": {"state", "taken_by", "taken_at", "updated_at", "approval_id", "case_id"},
    "accounts_monitorcase": {
        *("state", "suspicion_formed_at", "report_due_at", "report_no", "decided_at"),
        *("watched_until", "updated_at", "approval_id"),
    },
    "accounts_monitormark": {"read_to", "horizon_entry", "horizon_xid", "updated_at"},
    "accounts_breakglass": {
        *("ends_at", "verdict", "verdict_note", "looked_at", "looked_at_by", "looked_person"),
    },
    "accounts_rolegrant": {"ended_at", "ended_by", "updated_at"},
    "accounts_staffmember": {"state", "approval_id", "full_name", "branch_id"}
    | {"national_id", "updated_at"},
    "ledger_approval": {"state", "checker", "checker_person", "decided_at", "note"},
    "ledger_backup": {"state", "verified_at", "removed_at", "problem", "updated_at"},
    "ledger_doorkey": {"answer"},  # Sealed anew when the keys turn, as the next.
    "lending_bureauenquiry": {"raw"},
    "lending_casestep": {"state", "ended_at", "updated_at"},
    "lending_collectioncase": {"state", "closed_date", "taken_by", "taken_at", "updated_at"},
    "lending_loanpromise": {"state", "judged_date", "told_at", "updated_at"},
    "lending_fraudcase": {
        *("state", "taken_by", "taken_at", "escalated_by", "escalated_at"),
        *("decided_by", "decided_at", "updated_at"),
    },
    "lending_fraudmark": {"ended_by", "ended_at", "approval_id", "updated_at"},
    "lending_borrowermark": {"ended_date", "approval_id", "updated_at"},
    "lending_loan": {"state", "paid_date", "updated_at"},
    "lending_loaninstalment": {"ended_in", "moved", "waived"},
    "lending_restructure": {
        *("state", "kind", "number", "approval_id", "offer_until", "answer", "agreed_hash"),
        *("agreed_by", "signed_at", "signed_date", "version_id", "updated_at"),
    },
    "lending_standinginstruction": {"state", "ended_by", "ended_at", "updated_at"},
    "lending_loanapplication": {"state", "offer_until", "updated_at"},
    "lending_lendingstop": {"lifted_at", "lifted_by", "approval_id", "updated_at"},
}


CLOSED_SEQUENCES = {
    "ledger_batch_id_seq",
    "ledger_customer_account_id",
    "ledger_entry_id_seq",
    "ledger_gl_account_id",
    "ledger_hold_id_seq",
    "accounts_interestpayment_id_seq",
    "ledger_seal_id_seq",
}


FLOORS = ("ledger", "accounts", "payments", "lending", "insurance", "branch")


def _declared(table: str) -> set[str]:
    """What the application may do with a table; with a month's part of one, what with the whole."""
    whole = re.sub(r"_[0-9]{6}$", "", table)
    return DECLARED.get(whole, WRITABLE)


class TestTheApplicationRole:
    @pytest.mark.proves("LG21")
    def test_has_exactly_the_declared_rights_on_every_table(self, ask, app_role):
        found = {}
        for table, right in ask(
            "SELECT c.relname, a.privilege_type FROM pg_class c "
            "LEFT JOIN LATERAL aclexplode(c.relacl) a ON a.grantee = %s::regrole "
            "WHERE c.relnamespace = 'public'::regnamespace "
            "AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
            [app_role],
        ):
            found.setdefault(table, set()).add(right)

        other = {table for table in found if found[table] != _declared(table)}
        assert len(found) > 20
        assert other == set()

    def test_updates_only_the_declared_columns_of_rows_that_stay(self, ask):
        found = ask(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE a.attacl IS NOT NULL AND c.relnamespace = 'public'::regnamespace"
        )

        assert set(found) == {(table, name) for table, names in COLUMNS.items() for name in names}

    def test_gets_nothing_through_everybody(self, ask):
        for catalogue, acl, namespace in (
            ("pg_class", "relacl", "relnamespace"),
            ("pg_proc", "proacl", "pronamespace"),
        ):
            open_to_all = ask(
                f"SELECT c.oid FROM {catalogue} c CROSS JOIN LATERAL aclexplode(c.{acl}) a "
                f"WHERE a.grantee = 0 AND c.{namespace} = 'public'::regnamespace "
                "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
            )
            assert open_to_all == []

    def test_draws_no_numbers_of_the_books(self, ask, app_role):
        closed = ask(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' "
            "AND NOT has_sequence_privilege(%s, sequencename::text, 'USAGE')",
            [app_role],
        )
        assert {name for (name,) in closed} == CLOSED_SEQUENCES
        assert (
            ask(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' "
                "AND has_sequence_privilege(%s, sequencename::text, 'UPDATE')",
                [app_role],
            )
            == []
        )

    def test_owns_nothing(self, ask, app_role):
        for catalogue, owner in (
            ("pg_class", "relowner"), ("pg_proc", "proowner"), ("pg_type", "typowner"),
            ("pg_namespace", "nspowner"), ("pg_database", "datdba"),
        ):  # fmt: skip
            assert ask(f"SELECT 1 FROM {catalogue} WHERE {owner} = %s::regrole", [app_role]) == []

    def test_creates_nothing_and_has_no_temporary_tables(self, ask, app_role):
        assert ask(
            "SELECT has_schema_privilege(%(role)s, 'public', 'CREATE'), "
            "has_database_privilege(%(role)s, current_database(), 'CREATE'), "
            "has_database_privilege(%(role)s, current_database(), 'TEMP')",
            {"role": app_role},
        ) == [(False, False, False)]

    @pytest.mark.proves("SE06")
    def test_is_no_superuser_and_belongs_to_no_other_role(self, ask, app_role):
        assert ask(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
            "FROM pg_roles WHERE rolname = %s",
            [app_role],
        ) == [(False,) * 5]
        assert ask("SELECT 1 FROM pg_auth_members WHERE member = %s::regrole", [app_role]) == []


class TestEveryTable:
    # Names of things outside the tables: of people, requests, events and keys.
    NO_POINTER = ("public_id", "national_id", "request_id", "event_id")
    # Postings: keys proven by P04 and written only by the ledger's functions (docs/decisions).
    NO_KEY = {
        ("ledger_posting", "account_id"),
        ("ledger_posting", "entry_id"),
        # Written from the accounts themselves, a million a night, by nobody else.
        ("accounts_interestaccrual", "account_id"),
        ("lending_loanearning", "loan_id"),
        ("ledger_dailybalance", "account_id"),
    }

    @pytest.mark.proves("LG13")
    def test_points_to_others_by_foreign_keys_that_forget_nothing(self, ask):
        without = ask(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 "
            "AND c.relnamespace = 'public'::regnamespace AND a.attname LIKE '%%\\_id' "
            "AND split_part(c.relname, '_', 1) = ANY(%s) "
            "AND NOT a.attname = ANY(%s) "
            "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid "
            "AND k.contype = 'f' AND a.attnum = ANY(k.conkey))",
            [list(FLOORS), list(self.NO_POINTER)],
        )
        cascading = ask(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' "
            "AND confdeltype <> 'a'"
        )
        assert set(without) == self.NO_KEY
        assert cascading == []

    # Part of another entity, or never changed after the moment that it names itself.
    NO_STAMPS = {
        *("ledger_posting", "ledger_balance", "ledger_counter"),
        *("ledger_dailybalance", "accounts_interestaccrual", "lending_loanearning"),
        *("lending_feerelease", "lending_loanperiod"),
    }
    # One row of its login or of the bank, made with it.
    BORN_WITH = {"accounts_mfadevice", "accounts_transactionpin", "ledger_businessday"}
    # Written once (a login event says in the same moment what became of it); or their last change
    # has a stamp with a better name.
    NEVER_CHANGED = {
        "accounts_apicall",
        "accounts_branch",
        "accounts_documentview",
        "accounts_fileaccess",
        "accounts_fileview",
        "accounts_matchthreshold",
        "accounts_monitornote",
        "accounts_monitorrule",
        "accounts_partnerquota",
        "accounts_partnerscope",
        "accounts_partnerusage",  # One counter a period, as the ledger's.
        "accounts_pastpassword",
        "accounts_permission",
        "accounts_privacyterm",
        "accounts_role",
        "accounts_rolepermission",
        "accounts_spentgrant",
        "accounts_webhookattempt",
        "ledger_approvalrule",
        "ledger_approvalsignature",
        "accounts_alertentry",
        "accounts_alerthit",
        "accounts_demoinboxitem",
        "accounts_listentry",
        "accounts_listname",
        "accounts_loginevent",
        "accounts_resolutionsignature",
        "accounts_signature",
        "accounts_screeningrun",
        "ledger_auditentry",
        "ledger_bankfact",
        "ledger_batch",
        "ledger_currency",
        "ledger_doorkey",
        "ledger_entry",
        "ledger_inboxreceipt",
        "ledger_proofrun",
        "ledger_seal",
        "accounts_interestjournal",
        "accounts_interestpayment",
        "lending_allocation",
        "lending_bureauenquiry",
        "lending_businessrequest",
        "lending_classchange",
        "lending_collectioncontact",
        "lending_creditdecision",
        "lending_earningjournal",
        "lending_fraudassessment",
        "lending_fraudflag",
        "lending_fraudnote",
        "lending_instructionrun",
        "lending_loanevidence",
        "lending_loaninstalment",
        "lending_loanpurchase",
        "lending_loanreminder",
        "lending_scheduleversion",
        "lending_promisepart",
        "lending_repayment",
        "lending_replay",
        "lending_stoppedattempt",
        "lending_suspensemove",
        "lending_loanprovision",
        "lending_writeoff",
        "lending_cardmonth",
        "lending_loanoutcome",
        "lending_loanverdict",
        "lending_originalrate",
        "lending_provisionjournal",
        "lending_provisionrun",
        "ledger_voucherline",  # Written anew with its draft.
    }
    OTHER_STAMP = {
        "accounts_breakglass": "looked_at",
        "accounts_devicesession": "seen_at",
        "accounts_knowndevice": "last_seen_at",
        "ledger_approval": "decided_at",
        "ledger_outboxmessage": "done_at",
    }
    OTHER_BIRTH = {
        "accounts_apicall": "called_at",
        "accounts_devicesession": "started_at",
        "accounts_knowndevice": "first_seen_at",
        "accounts_partnerusage": "starts_at",
        "accounts_pastpassword": "until",
        "accounts_spentgrant": "spent_at",
        "accounts_webhookattempt": "tried_at",
        "ledger_seal": "sealed_at",
    }

    @pytest.mark.proves("LG14")
    def test_says_when_its_rows_were_made_and_changed(self):
        tables = {
            model._meta.db_table: {field.name for field in model._meta.get_fields()}
            for model in apps.get_models()
            if model._meta.app_label in FLOORS
        }
        without_birth = {
            table
            for table, fields in tables.items()
            if not fields & {"created_at", "recorded_at", self.OTHER_BIRTH.get(table)}
        }
        without_change = {
            table
            for table, fields in tables.items()
            if not fields & {"updated_at", self.OTHER_STAMP.get(table)}
        }

        assert without_birth == self.NO_STAMPS | self.BORN_WITH
        assert without_change == self.NO_STAMPS | self.NEVER_CHANGED

    def test_has_a_primary_key(self, ask):
        assert (
            ask(
                "SELECT relname FROM pg_class c WHERE relkind = 'r' "
                "AND relnamespace = 'public'::regnamespace AND NOT EXISTS "
                "(SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')"
            )
            == []
        )

    def test_has_no_index_twice(self, ask):
        assert (
            ask(
                "SELECT indrelid::regclass, indkey::text FROM pg_index WHERE indpred IS NULL "
                "AND indexprs IS NULL AND indrelid::regclass::text LIKE 'ledger\\_%%' "
                "GROUP BY indrelid, indkey, indclass::text HAVING count(*) > 1"
            )
            == []
        )
