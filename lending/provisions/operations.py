"""Working out what loans are expected to lose, and booking what is different from before."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from accounts.tariffs import queries as tariffs
from ledger.chart import queries as chart
from ledger.chart.models import Balance
from ledger.journal import operations as journal
from ledger.journal.lines import Line, credit, debit
from ledger.money import Money
from lending.arrears.queries import CLASSES
from lending.loans.models import Loan
from lending.loans.states import LoanState
from lending.provisions.models import (
    OriginalRate,
    ProvisionJournal,
    ProvisionRun,
    ProvisionTerm,
)
from lending.schedules import cost
from lending.schedules.cost import Flow
from lending.watch import queries as watch
from wekeza.kit.actor import Actor
from wekeza.kit.dated import NoSuchTerm
from wekeza.kit.failpoints import failpoint

CHARGE, EARNINGS, RESERVE = "5110", "3020", "3040"  # kenya.md 11.2.
STAGES = {1: "1340", 2: "1341", 3: "1342"}
KIND = "LOAN_PROVISION"

# Stages by days past due, and back by one after each span of clean days; a loan that stands in a
# bad class only by another one of the customer is watched (stage 2), and so is one whose borrower
# asked again since and reached far fewer points by the same card: points of two cards tell nothing
# of each other. What two persons keep of a borrower (lending/watch) sets the best stage of all
# their loans. Expected is, over the cases of the economy and month by month, that it defaults then,
# times what is lost, times what is owed then, at today's worth: twelve months in stage 1, the whole
# life in stage 2, all at once in stage 3 (kenya.md 4.2). Lost is more of what no security covers
# (`bare_percent`) than of the rest; `saved` is the fraction by which security lessens it. Interest
# in suspense is no income yet, so that nothing of it can be lost. What falls due before a month
# begins (`later`) is not owed in it. Powers are slow, and the chances and worths of a month are the
# same for many loans: each is worked out once.
_PROVIDE = """, loss AS MATERIALIZED (
    SELECT DISTINCT ON (product_id) * FROM lending_lossterm
     WHERE effective_from <= %(day)s AND (effective_to IS NULL OR effective_to >= %(day)s)
     ORDER BY product_id, effective_from DESC
), held AS MATERIALIZED (
    SELECT DISTINCT ON (thing) * FROM lending_securityterm
     WHERE effective_from <= %(day)s AND (effective_to IS NULL OR effective_to >= %(day)s)
     ORDER BY thing, effective_from DESC
), marked AS MATERIALIZED (
    SELECT m.customer_id, m.business_id, max(t.stage) AS stage
      FROM lending_borrowermark m
      JOIN (SELECT DISTINCT ON (kind) * FROM lending_watchterm
             WHERE effective_from <= %(day)s
               AND (effective_to IS NULL OR effective_to >= %(day)s)
             ORDER BY kind, effective_from DESC) t ON t.kind = m.kind
     WHERE m.since <= %(day)s AND (m.ended_date IS NULL OR m.ended_date > %(day)s)
     GROUP BY m.customer_id, m.business_id
), economy AS (
    SELECT * FROM (VALUES (%(BASE_WEIGHT)s::numeric, %(BASE_FACTOR)s::numeric),
                          (%(ADVERSE_WEIGHT)s, %(ADVERSE_FACTOR)s),
                          (%(UPSIDE_WEIGHT)s, %(UPSIDE_FACTOR)s)) v (weight, factor)
), stood AS (
    SELECT l.id AS loan_id, s.days_late, s.own_class, s.loan_class, own.is_performing,
           whole.provision_percent, b.balance AS principal,
           coalesce(%(day)s::date - s.clean_since, 0) AS clean_days, s.npl_since,
           1 + o.percent / 100 AS year, first.score AS first_score,
           coalesce(newest.score, first.score, %(DEFAULT_SCORE)s) AS score,
           coalesce(bought.bare_percent, x.percent) AS bare_percent,
           coalesce(1 - x.percent / nullif(bought.bare_percent, 0), 0) AS saved,
           coalesce(bought.security, 0) AS security, coalesce(bought.least, 0) AS least_security,
           coalesce(person.stage, firm.stage, 1) AS best_stage
      FROM lending_loan l
      JOIN lending_loanstanding s ON s.loan_id = l.id
      JOIN term own ON own.loan_class = s.own_class
      JOIN term whole ON whole.loan_class = s.loan_class
      JOIN loss x ON x.product_id = l.product_id
      JOIN lending_originalrate o ON o.loan_id = l.id
      JOIN ledger_balance b ON b.account_id = l.ledger_account_id AND b.shard = 0
      LEFT JOIN marked person ON person.customer_id = l.customer_id AND l.business_id IS NULL
      LEFT JOIN marked firm ON firm.business_id = l.business_id
      LEFT JOIN LATERAL (
           SELECT d.score, split_part(d.model_version, ' ', 1) AS card
             FROM lending_creditdecision d
            WHERE d.application_id = l.application_id AND d.score IS NOT NULL
            ORDER BY d.number DESC LIMIT 1) first ON true
      LEFT JOIN LATERAL (
           SELECT d.score
             FROM (SELECT id FROM lending_loanapplication
                    WHERE customer_id = l.customer_id AND business_id IS NULL
                      AND l.business_id IS NULL AND id > l.application_id
                   UNION ALL
                   SELECT id FROM lending_loanapplication
                    WHERE business_id = l.business_id AND id > l.application_id) a
             JOIN lending_creditdecision d ON d.application_id = a.id
            WHERE split_part(d.model_version, ' ', 1) = first.card AND d.score IS NOT NULL
              AND d.business_date <= %(day)s
            ORDER BY d.id DESC LIMIT 1) newest ON true
      LEFT JOIN LATERAL (
           SELECT greatest(x.percent, %(BARE_PERCENT)s) AS bare_percent,
                  round(now.value * (1 - h.haircut_percent / 100), 4) AS security,
                  now.value * (1 - h.least_haircut_percent / 100) AS least
             FROM lending_loanpurchase p
             LEFT JOIN held h ON h.thing = p.thing
            CROSS JOIN LATERAL (
                 SELECT least(p.price, p.valuation)
                        * greatest(1 - h.yearly_percent / 100
                                       * (%(day)s::date - l.start_date) / 365, 0) AS value) now
            WHERE p.application_id = l.application_id) bought ON true
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.state = 'ACTIVE'
), owed AS (
    SELECT s.*, s.principal + CASE WHEN s.npl_since IS NOT NULL THEN 0 ELSE
               coalesce((SELECT sum(e.amount) FROM lending_loanearning e
                          WHERE e.loan_id = s.loan_id), 0)
             + coalesce((SELECT sum(r.unearned) FROM lending_repayment r
                          WHERE r.loan_id = s.loan_id), 0)
             - coalesce((SELECT sum(a.amount) FROM lending_allocation a
                           JOIN lending_repayment r ON r.id = a.repayment_id
                          WHERE r.loan_id = s.loan_id AND a.part NOT IN ('PRINCIPAL', 'FEE')), 0)
             END AS exposure,
           1 / (1 + exp(%(PD_BASE)s::numeric + %(PD_PER_POINT)s::numeric * s.score)) AS defaults,
           greatest(best_stage, CASE
                WHEN days_late >= %(STAGE_3_DAYS)s THEN 3
                WHEN NOT is_performing AND clean_days < %(CURE_DAYS)s THEN 3
                WHEN days_late >= %(STAGE_2_DAYS)s THEN 2
                WHEN NOT is_performing AND clean_days < 2 * %(CURE_DAYS)s THEN 2
                WHEN own_class <> 'NORMAL' AND clean_days < %(CURE_DAYS)s THEN 2
                WHEN loan_class <> own_class THEN 2
                WHEN first_score - score >= %(SCORE_DROP)s THEN 2
                WHEN EXISTS (SELECT FROM lending_scheduleversion v
                              WHERE v.loan_id = s.loan_id AND v.why = 'RESTRUCTURED'
                                AND v.business_date > %(day)s::date - %(RESTRUCTURED_DAYS)s::int)
                THEN 2
                ELSE 1 END) AS stage
      FROM stood s
), later AS (
    SELECT i.loan_id, 1 + d.months
               + (i.due > %(day)s::date + make_interval(months => d.months))::int AS month,
           sum(i.principal - i.moved
               - coalesce((SELECT sum(a.amount) FROM lending_allocation a
                            WHERE a.instalment_id = i.id AND a.part = 'PRINCIPAL'), 0))
               AS principal
      FROM owed o
      JOIN lending_loaninstalment i ON i.loan_id = o.loan_id AND i.ended_in IS NULL
       AND i.due > %(day)s
     CROSS JOIN LATERAL (SELECT (extract(year FROM i.due) - extract(year FROM %(day)s::date))::int
                                * 12 + extract(month FROM i.due)::int
                                - extract(month FROM %(day)s::date)::int AS months) d
     WHERE o.stage < 3
     GROUP BY 1, 2
), months AS (
    SELECT o.loan_id, o.defaults, o.year, o.saved, o.security, m AS month, o.exposure
           - coalesce(sum(n.principal) OVER (PARTITION BY o.loan_id ORDER BY m), 0) AS exposure
      FROM owed o
      LEFT JOIN (SELECT loan_id, max(month) - 1 AS last FROM later GROUP BY loan_id) life
        ON life.loan_id = o.loan_id
     CROSS JOIN LATERAL generate_series(1, greatest(least(coalesce(life.last, 1),
                                        CASE o.stage WHEN 1 THEN 12 ELSE 480 END), 1)) m
      LEFT JOIN later n ON n.loan_id = o.loan_id AND n.month = m
     WHERE o.stage < 3
), chance AS MATERIALIZED (
    SELECT k.defaults, k.month,
           sum(e.weight * h.hazard * power(1 - h.hazard, k.month - 1)) AS fraction
      FROM (SELECT DISTINCT defaults, month FROM months) k CROSS JOIN economy e
     CROSS JOIN LATERAL (SELECT 1 - power(1 - least(k.defaults * e.factor, 1), 1 / 12.0)
                                AS hazard) h
     GROUP BY k.defaults, k.month
), worth AS MATERIALIZED (
    SELECT year, month, power(year, -month / 12.0) AS fraction
      FROM (SELECT DISTINCT year, month FROM months) k
), lost AS (
    SELECT m.loan_id, sum(c.fraction * w.fraction * CASE WHEN m.security = 0 THEN m.exposure
               ELSE m.exposure - m.saved * least(m.exposure, m.security) END) AS amount
      FROM months m
      JOIN chance c ON c.defaults = m.defaults AND c.month = m.month
      JOIN worth w ON w.year = m.year AND w.month = m.month
     GROUP BY m.loan_id
)
INSERT INTO lending_loanprovision (run_id, loan_id, stage, loan_class, days_late, score,
                                   first_score, principal, exposure, default_fraction, security,
                                   loss_percent, expected, least, created_at)
SELECT %(run)s, o.loan_id, o.stage, o.loan_class, o.days_late, o.score, o.first_score, o.principal,
       o.exposure,
       CASE WHEN o.stage = 3 THEN 1
            ELSE least(1, round(o.defaults * (SELECT sum(weight * factor) FROM economy), 6)) END,
       o.security,
       round(o.bare_percent * (1 - o.saved * least(1, o.security / nullif(o.exposure, 0))), 2),
       round(o.bare_percent / 100 * CASE WHEN o.stage < 3 THEN l.amount
             ELSE o.exposure - o.saved * least(o.exposure, o.security) END, 2),
       round(greatest(o.exposure - o.least_security, 0) * o.provision_percent / 100, 2), %(at)s
  FROM owed o LEFT JOIN lost l ON l.loan_id = o.loan_id
ON CONFLICT (run_id, loan_id) DO NOTHING"""


def to_provide(*, day: date) -> QuerySet[Loan]:
    """This will give the loans of which something may be lost."""
    return Loan.objects.filter(state=LoanState.ACTIVE, start_date__lte=day)


@transaction.atomic
def begin(*, day: date) -> ProvisionRun:
    """
    This will give the run of a day, a new one with the terms in force. The night begins it before
    its workers provide: whoever finds none waits until the one who makes it is done.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    words = {kind: str(value) for kind, value in _terms_on(day).items()}
    words |= {f"{kind}_STAGE": str(term.stage) for kind, term in watch.terms_on(day).items()}
    return ProvisionRun.objects.get_or_create(business_date=day, defaults={"terms": words})[0]


@transaction.atomic
def provide(*, day: date, first: int, last: int, at: datetime) -> int:
    """
    This will write what each active loan with an id from `first` to `last` is expected to lose at
    the close of `day`, and the central bank's minimum, in KES, and give their number. A second run
    writes nothing. Before it every loan is judged and has earned.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    run = begin(day=day)
    _keep_rates(first=first, last=last)
    facts = _terms_on(day) | {"run": run.pk, "day": day, "first": first, "last": last, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(CLASSES + _PROVIDE, facts)
        written = cursor.rowcount
    failpoint("loans.provided")
    return written


@transaction.atomic
def book(*, day: date, actor: Actor, at: datetime) -> ProvisionJournal:
    """
    This will book what the run of a day comes to, less what stands: expected losses by stage
    against their charge, and what the minimum of the central bank is above them out of retained
    earnings into the reserve (kenya.md 11.2). Once a run: again, it gives the first result.
    """
    run = begin(day=day)
    known = ProvisionJournal.objects.filter(run=run).first()
    if known is not None:
        return known
    rows = run.loans.values("stage").annotate(expected=Sum("expected"), minimum=Sum("least"))
    expected = {row["stage"]: row["expected"] for row in rows}
    least = sum((row["minimum"] for row in rows), Decimal(0))
    reserve = max(least - sum(expected.values(), Decimal(0)), Decimal(0))
    wanted = {line: expected.get(stage, Decimal(0)) for stage, line in STAGES.items()}
    return ProvisionJournal.objects.create(
        run=run,
        stage_1=wanted["1340"],
        stage_2=wanted["1341"],
        stage_3=wanted["1342"],
        least=least,
        reserve=reserve,
        entry_id=_post(wanted, reserve, day=day, actor=actor, at=at),
    )


def _terms_on(day: date) -> dict[str, Decimal]:
    rows = ProvisionTerm.objects.on(day).reverse().values_list("kind", "value")
    found = dict(rows)  # Of two of a kind the later start comes last.
    for kind in ProvisionTerm.Kind.values:
        if kind not in found:
            raise NoSuchTerm(f"{kind} of ProvisionTerm on {day}")
    return found


def _keep_rates(*, first: int, last: int) -> None:
    rows = Loan.objects.filter(pk__range=(first, last), state=LoanState.ACTIVE, original_rate=None)
    OriginalRate.objects.bulk_create(
        [
            OriginalRate(loan=loan, percent=_rate_of(loan))
            for loan in rows.select_related("term").prefetch_related("instalments")
        ],
        ignore_conflicts=True,
    )


def _rate_of(loan: Loan) -> Decimal:
    """
    By the contract's days: what the bank paid out less its fee, against what comes back as it was
    agreed then, whatever was paid ahead or agreed anew since.
    """
    gross = Money.rounded(loan.principal * loan.term.fee_percent / 100, "KES")
    fee = tariffs.split(gross, loan.term.fee_excise_class, on=loan.start_date)
    flows = [Flow(0, loan.money - fee.net)]
    for row in loan.instalments.all():
        if row.version > 1:
            continue
        money = Money.rounded(-row.principal - row.interest, "KES")
        flows.append(Flow((row.contractual - loan.start_date).days, money))
    return cost.yearly_cost(flows, unit=cost.DAYS, periods_a_year=Decimal(1)).effective


def _post(wanted: dict[str, Decimal], reserve: Decimal, *, day, actor, at) -> int | None:
    changes = {line: amount - _stands(line) for line, amount in wanted.items()}
    lines = [line for code, amount in changes.items() for line in _credited(code, amount)]
    lines += _credited(CHARGE, -sum(changes.values(), Decimal(0)))
    moved = reserve - _stands(RESERVE)
    lines += [*_credited(RESERVE, moved), *_credited(EARNINGS, -moved)]
    if not lines:
        return None
    posted = journal.post(
        owner="bank",
        reference=f"loan-provision:{day}",
        kind=KIND,
        lines=lines,
        actor=actor,
        at=at,
        memo=f"Expected losses on loans, {day}",
    )
    return posted.entry_id


def _stands(code: str) -> Decimal:
    """What a line that grows by credits holds now."""
    found = Balance.objects.filter(account__code=code).aggregate(total=Sum("balance"))
    return found["total"] or Decimal(0)


def _credited(code: str, amount: Decimal) -> list[Line]:
    """The line that adds an amount by a credit; one that is less than nothing, by a debit."""
    if not amount:
        return []
    side = credit if amount > 0 else debit
    return [side(chart.line(code), Money.rounded(abs(amount), "KES"))]
