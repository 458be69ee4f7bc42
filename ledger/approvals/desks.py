"""The desk of terms: its form asks a second person instead of saving."""

from django import forms
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from ledger.approvals import terms
from wekeza.kit.dated import SPAN
from wekeza.kit.errors import Refusal
from wekeza.kit.workbench import Desk, holds


class Proposal(forms.ModelForm):
    """A new row of terms, and why it is wanted."""

    reason = forms.CharField(max_length=500, help_text="The second person reads it.")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            label = capfirst(field.label or name.replace("_", " "))
            field.error_messages["required"] = f"{label} is missing. Fill it in"

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            try:
                terms.check(self.instance, at=timezone.now())
            except Refusal as refusal:
                self.add_error(None, str(refusal))


class ProposalDesk(Desk):
    """
    Dated rows of the bank's terms. Adding one is asking for it: the form files an approval with the
    difference against the row in force, and a second person's yes writes it (rule 18). Its boxes
    are the bank's own: none that a wheel turns, and no script but the browser's for a day.
    """

    shelf = "The bank’s terms"
    form = Proposal
    asks = "terms.propose"
    exclude = ["approval", "approved_by", "source"]
    add_form_template = "admin/propose.html"

    def has_add_permission(self, request):
        return holds(request, self.asks)

    def get_fields(self, request, obj=None):
        """What the row is about, then from when on."""
        return sorted(super().get_fields(request, obj), key=lambda name: name in SPAN)

    def formfield_for_dbfield(self, db_field, request, **options):
        """A kind of number is chosen among those that its table names."""
        kinds = getattr(self.model, "Kind", None)
        if db_field.name == "kind" and kinds is not None:
            return forms.ChoiceField(choices=kinds.choices)
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            field.widget = _plain(field)
        return field

    def save_model(self, request, obj, form, change):
        """Nothing is saved: a second person is asked."""
        request.asked = terms.ask(
            obj, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now()
        )

    def save_related(self, request, form, formsets, change):
        """There is no row yet that anything could belong to."""

    def log_addition(self, request, obj, message):
        """The approval and the audit trail keep it."""

    def response_add(self, request, obj, post_url_continue=None):
        """The request that waits now has a page of its own."""
        page = reverse("branch:workbench:approval", args=[request.asked.public_id])
        return HttpResponseRedirect(page)


def _plain(field) -> forms.Widget:
    """The box of a field as the bank draws it, where Django's admin has one of its own."""
    if isinstance(field, forms.DateField):
        return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    if isinstance(field, forms.DecimalField):
        return forms.TextInput(attrs={"inputmode": "decimal"})
    if isinstance(field, forms.IntegerField):
        return forms.TextInput(attrs={"inputmode": "numeric"})
    return getattr(field.widget, "widget", field.widget)  # A choice without a door to add to it.
