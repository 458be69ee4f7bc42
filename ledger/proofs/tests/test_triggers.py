"""The catalogue of the database: its functions, its triggers, and who owns."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


FACE = {
    "ledger_close_account",
    "ledger_cut_off",
    "ledger_freeze",
    "ledger_hold_place",
    "ledger_hold_release",
    "ledger_holds_expire",
    "ledger_open_account",
    "ledger_post",
    "ledger_post_batch",
    "ledger_close_period",
    "ledger_close_year",
    "ledger_income_until",
    "ledger_reopen_period",
    "ledger_reverse",
    "ledger_roll_business_date",
    "ledger_seal_entries",
    "ledger_set_terms",
    "ledger_write_daily_balances",
    "savings_accrue",
    "savings_end_interest",
    "savings_owed",
    "savings_pay_interest",
}
# They look with the rights of whoever asks.
LOOKING = {"ledger_entry_text", "ledger_seal_hash"}


TRIGGERS = {
    ("ledger_approval", "ledger_approval_begins_waiting"),
    ("ledger_approval", "ledger_approval_has_its_signatures"),
    ("ledger_approval", "ledger_approval_is_kept"),
    ("ledger_approval", "ledger_approval_stays"),
    ("ledger_approvalrule", "ledger_approvalrule_takes_two"),
    ("ledger_approvalsignature", "ledger_signature_is_kept"),
    ("ledger_approvalsignature", "ledger_signature_is_of_another"),
    ("ledger_auditentry", "ledger_audit_is_append_only"),
    ("ledger_balance", "ledger_balance_stays"),
    ("ledger_batch", "ledger_batch_stays"),
    ("ledger_counter", "ledger_counter_stays"),
    ("ledger_entry", "ledger_entry_has_postings"),
    ("ledger_entry", "ledger_entry_is_append_only"),
    ("ledger_hold", "ledger_hold_stays"),
    ("ledger_financialyear", "ledger_financialyear_takes_two"),
    ("ledger_financialyear", "ledger_year_stays"),
    ("ledger_ledgeraccount", "ledger_account_stays"),
    ("ledger_period", "ledger_period_stays"),
    ("ledger_period", "ledger_period_takes_two"),
    ("ledger_posting", "ledger_posting_is_append_only"),
    ("ledger_posting", "ledger_postings_are_whole"),
    ("ledger_seal", "ledger_seal_is_append_only"),
    ("ledger_voucher", "ledger_voucher_is_kept"),
    ("ledger_voucher", "ledger_voucher_stays"),
    ("ledger_voucher", "ledger_voucher_takes_two"),
    ("ledger_voucherline", "ledger_voucher_line_is_kept"),
    ("ledger_voucherline", "ledger_voucher_lines_stay"),
}


PATH = "search_path=pg_catalog, public, pg_temp"


class TestTheOwnerRole:
    def test_is_no_superuser_either(self, ask):
        assert ask("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
            (False, False)
        ]


class TestTheFunctions:
    def test_that_run_as_their_owner_are_exactly_the_public_face(self, ask, app_role):
        definers = dict(
            ask(
                "SELECT proname, proconfig::text FROM pg_proc WHERE prosecdef "
                "AND pronamespace = 'public'::regnamespace"
            )
        )
        callable_ = ask(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND has_function_privilege(%s, oid, 'EXECUTE') "
            "AND oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')",
            [app_role],
        )
        assert {name for (name,) in callable_} == FACE | LOOKING
        assert set(definers) == FACE | {"ledger_open_line"}  # Which only the owner may call.
        assert all(PATH in config for config in definers.values())

    def test_name_every_table_of_the_books_in_full(self, ask):
        """An unqualified name would follow the search path of whoever calls."""
        for name, body in ask(
            # Those written as SQL (prosqlbody) have read their names when they were made.
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND (proname LIKE 'ledger%%' OR proname LIKE 'savings%%') AND prosqlbody IS NULL"
        ):
            words = body.replace("(", " ").replace(",", " ").replace(";", " ").split()
            bare = [
                word
                for before, word in zip(words, words[1:], strict=False)
                if before.upper() in {"FROM", "JOIN", "INTO", "UPDATE"}
                and word.startswith(("ledger_", "accounts_"))
            ]
            assert bare == [], name


class TestTheTriggers:
    @pytest.mark.proves("LG21")
    def test_of_the_books_are_all_there_and_always_on(self, ask):
        found = ask(
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'ledger\\_%%'"
        )
        assert {(table, name) for table, name, _ in found} == TRIGGERS
        assert {state for *_, state in found} == {"A"}
