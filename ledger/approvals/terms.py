"""
Terms of the bank (rates, limits, prices, rules) are dated rows: they are only added, each by an
approval of its own, and hold from a day on. Which tables they are stands in wekeza/wiring.py.
"""

from dataclasses import asdict
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval, ApprovalRule
from ledger.approvals.operations import Change
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.dated import SPAN
from wekeza.kit.db import inside_transaction
from wekeza.kit.errors import Refusal

OURS = {"id", "created_at", "updated_at", "approval", "approved_by", "source"}


class TooEarly(Refusal):
    code = "too_early"
    status = 422
    text = _("A term holds from today on, or from a later day. What has been stays as it was.")


class NotWhole(Refusal):
    code = "not_whole"
    status = 422
    text = _("This row does not fit: {why}")


class TermChanged(Refusal):
    code = "term_changed"
    status = 409
    text = _(
        "The term is not what it was when this was asked for. Nothing was done. Reject this one, "
        "and ask anew against what holds now."
    )


def ask(row: Model, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person for a new row of a table of terms, and show what it changes
    against the row that holds on its first day.

    :raises TooEarly: if it begins before today (Nairobi).
    :raises NotWhole: if the table would refuse it.
    """
    check(row, at=at)
    return approvals.propose(
        deed="terms.change",
        subject=None,
        payload={"model": row._meta.label_lower, "fields": _packed(row)},
        changes=_changes(row),
        impact=f"{row._meta.verbose_name} {_name(row)}",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def change(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will add a row of terms; the approved deed `terms.change`.

    :raises TooEarly: if its first day has passed while it waited.
    :raises NotWhole: if another row took its place.
    :raises TermChanged: if the difference that the second person reads is no longer the one.
    """
    model = apps.get_model(payload["model"])
    if model._meta.label_lower not in settings.TERMS:
        raise LookupError(f"{payload['model']} is no table of terms")
    row = model(**_unpacked(model, payload["fields"]), approval=approval)
    if hasattr(row, "approved_by"):
        row.approved_by = str(actor)
    if hasattr(row, "source"):
        row.source = f"Approval {approval.pk}"
    check(row, at=at)
    if [asdict(change) for change in _changes(row)] != approval.changes:
        raise TermChanged()
    row.save(force_insert=True)
    audit.record(actor=actor, deed="terms.changed", subject=row, approval=approval.pk)


def check(row: Model, *, at: datetime) -> None:
    """
    This will look whether a row may be asked for.

    :raises TooEarly: if it begins before today (Nairobi).
    :raises NotWhole: if the table would refuse it, or nobody could work by it.
    """
    if row.effective_from < calendar.nairobi_date(at):
        raise TooEarly()
    try:
        row.full_clean(exclude=OURS & {field.name for field in row._meta.fields})
    except ValidationError as error:
        raise NotWhole(why=" ".join(error.messages)) from error
    if isinstance(row, ApprovalRule):
        _check_two_can_act(row)


def _check_two_can_act(rule: ApprovalRule) -> None:
    """A rule that nobody can follow would lock its deed; that of terms, for ever."""
    if rule.deed not in settings.APPROVABLE:
        raise NotWhole(why=_("no deed is called {deed}.").format(deed=rule.deed))
    holders = import_string(settings.WHO_HOLDS)
    makers = {one.person for one in holders(rule.to_make, on=rule.effective_from)}
    deciders = holders(rule.to_check, on=rule.effective_from, everywhere=True)
    checkers = {one.person for one in deciders}
    if not makers:
        raise NotWhole(why=_("nobody holds {permission}.").format(permission=rule.to_make))
    if not checkers:
        raise NotWhole(
            why=_("nobody holds {permission} in every branch.").format(permission=rule.to_check)
        )
    if len(makers | checkers) == 1:
        raise NotWhole(why=_("one person alone could ask and decide."))
    if not any(len(checkers - {maker}) >= rule.checkers for maker in makers):
        raise NotWhole(
            why=f"too few hold {rule.to_check} in every branch: {rule.checkers} are to decide."
        )


def _changes(row: Model) -> list[Change]:
    """What a row changes against the one that holds on its first day."""
    before = _in_force(row)
    return [
        Change(str(field.verbose_name).capitalize(), _said(before, field), _said(row, field))
        for field in _fields(row)
        if before is None or _said(before, field) != _said(row, field)
    ]


def _in_force(row: Model) -> Model | None:
    """The row of the same key that holds on the new row's first day."""
    key = {name: getattr(row, name) for name in settings.TERMS[row._meta.label_lower]}
    return type(row).objects.on(row.effective_from).filter(**key).first()


def _fields(row: Model) -> list[Field]:
    fields = [field for field in row._meta.fields if field.name not in OURS]
    return sorted(fields, key=lambda field: field.name in SPAN)


def _said(row: Model | None, field: Field) -> str:
    if row is None:
        return ""
    value = getattr(row, field.name)
    return "" if value is None else str(value)


def _name(row: Model) -> str:
    return ", ".join(str(getattr(row, name)) for name in settings.TERMS[row._meta.label_lower])


def _packed(row: Model) -> dict:
    """Every field as text, as JSON keeps it exactly; None stays None."""
    return {
        field.attname: None if getattr(row, field.attname) is None else field.value_to_string(row)
        for field in _fields(row)
    }


def _unpacked(model: type[Model], packed: dict) -> dict:
    fields = {field.attname: field for field in model._meta.fields}
    return {
        name: None if text is None else fields[name].to_python(text)
        for name, text in packed.items()
    }
