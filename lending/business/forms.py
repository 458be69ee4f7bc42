"""What a director types who asks for a loan to a business, and what signs the offer."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.documents import operations as documents
from accounts.documents.refusals import EmptyFile, FileTooLarge
from ledger.money import AmountNotPositive, Money
from ledger.money_field import MoneyField
from lending.applications.pace import Typed
from lending.business.operations import BusinessWish
from lending.business.told import Evidence, Security, Told
from lending.decisions import consents
from lending.decisions.forms import TICK, Take
from lending.products import words
from lending.products.models import SectorTerm
from lending.products.queries import Offer

CHOOSE = {"required": _("Choose one"), "invalid_choice": _("Choose one")}
NOTHING = Money.zero("KES")


class AmountOrNothing(MoneyField):
    """An amount that may be 0."""

    def clean(self, value) -> Money | None:
        try:
            return super().clean(value)
        except ValidationError as error:
            if error.code == AmountNotPositive.code:
                return NOTHING
            raise


class WholeNumber(forms.IntegerField):
    """A whole number from 0 to `most`, in a plain box."""

    def __init__(self, *, most: int, **options):
        problem = _("Enter a whole number from 0 to {most}").format(most=most)
        names = ("required", "invalid", "min_value", "max_value")
        box = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(
            min_value=0, max_value=most, widget=box,
            error_messages=dict.fromkeys(names, problem), **options,
        )  # fmt: skip


class Figures(forms.Form):
    """What a limit is made of; the amount only says what it would cost."""

    amount = MoneyField(label=_("How much do you want to borrow?"), required=False)
    tenor = forms.TypedChoiceField(label=_("For how long?"), coerce=int, error_messages=CHOOSE)
    sector = forms.ChoiceField(label=_("What does the business do?"), error_messages=CHOOSE)
    turnover = MoneyField(
        label=_("Turnover of a year"), help_text=_("All that it sold in the last twelve months")
    )
    ebitda = AmountOrNothing(
        label=_("Profit of a year"),
        help_text=_("Before interest, tax and depreciation (EBITDA). 0 if it made a loss"),
    )
    evidence = forms.ChoiceField(
        label=_("How do you show the turnover?"),
        choices=Evidence.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    security = forms.ChoiceField(
        label=_("What security do you offer?"),
        choices=Security.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def __init__(self, *args, offer: Offer, **options):
        super().__init__(*args, **options)
        self.offer = offer
        sectors = {price.key: price.sector for price in offer.prices}
        self.sectors: dict[str, SectorTerm] = dict(
            sorted(sectors.items(), key=lambda one: str(one[1].label))
        )
        self.fields["sector"].choices = [
            ("", _("Choose one")), *((key, row.label) for key, row in self.sectors.items()),
        ]  # fmt: skip
        term = offer.term
        self.fields["tenor"].choices = [
            (n, ngettext("{count} month", "{count} months", n).format(count=n))
            for n in range(term.least_tenor, term.most_tenor + 1)
        ]
        self.initial.setdefault("tenor", term.most_tenor)
        self.initial.setdefault("security", Security.NONE)

    @property
    def told(self) -> Told:
        """The figures; those that were not asked for yet are nothing."""
        facts = self.cleaned_data
        return Told(
            sector=self.sectors[facts["sector"]],
            evidence=facts["evidence"],
            turnover=facts["turnover"],
            ebitda=facts["ebitda"],
            debt_monthly=facts.get("debt_monthly", NOTHING),
            largest_customer_percent=facts.get("largest_customer_percent", 0),
            years_trading=facts.get("years_trading", 0),
            security=facts["security"],
            security_value=facts.get("security_value") or NOTHING,
        )


class Apply(Figures):
    """All that a director tells, with the paper and the consent to ask the bureau."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    begun = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    paper = forms.FileField(
        label=_("The paper that shows the turnover"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
        allow_empty_file=True,
    )
    security_value = MoneyField(label=_("What is the security worth?"), required=False)
    debt_monthly = AmountOrNothing(
        label=_("What do loans elsewhere take in a month?"), help_text=_("0 if there are none")
    )
    largest_customer_percent = WholeNumber(
        most=100,
        label=_("What part of the turnover does your largest customer bring?"),
        help_text=_("In percent, like 25"),
    )
    years_trading = WholeNumber(
        most=300,
        label=_("For how many years has the business traded?"),
        help_text=_("Whole years, 0 in the first"),
    )
    consent = forms.BooleanField(error_messages={"required": TICK})

    def __init__(self, *args, language: str, paper_there=None, **options):
        super().__init__(*args, **options)
        self.language, self.paper_there = language, paper_there
        self.fields["amount"].required = True
        self.fields["consent"].label = consents.bureau_text(
            language=language, text=consents.OF_BUSINESS
        )
        self.initial.setdefault("reference", uuid4())

    def clean_amount(self) -> Money:
        amount, term = self.cleaned_data["amount"], self.offer.term
        if not term.lends(amount):
            raise ValidationError(words.amounts(term))
        return amount

    def clean_paper(self):
        """Too large is said before it is read."""
        file = self.cleaned_data["paper"]
        if file:
            try:
                documents.refuse_size(file.size, at=timezone.now())
            except (EmptyFile, FileTooLarge) as refusal:
                raise ValidationError(str(refusal)) from refusal
        return file

    def clean(self):
        """A paper belongs to its kind of evidence, a value to a security."""
        facts = super().clean()
        evidence = facts.get("evidence")
        if evidence == Evidence.DECLARED:
            facts["paper"] = None
        elif evidence and "paper" in facts and not (facts["paper"] or self.paper_there(evidence)):
            self.add_error("paper", _("Choose a photo or a PDF"))
        if facts.get("security") == Security.NONE:
            facts["security_value"] = NOTHING
        elif "security_value" in facts and not facts["security_value"]:
            self.add_error("security_value", _("Say what it is worth, in shillings"))
        return facts

    def wish(self, *, document, device: str, typed: Typed) -> BusinessWish:
        """This will give what is asked for, with the paper as the bank keeps it."""
        facts = self.cleaned_data
        return BusinessWish(
            term=self.offer.term,
            amount=facts["amount"],
            tenor=facts["tenor"],
            told=self.told,
            consent=consents.given(language=self.language, text=consents.OF_BUSINESS),
            document=document,
            device=device,
            typed=typed,
        )


class Sign(Take):
    """That the terms were read, and what signs them; who signed already types nothing again."""

    def __init__(self, *args, has_signed: bool = False, **options):
        super().__init__(*args, **options)
        if has_signed:
            self.fields["code"].required = self.fields["read"].required = False
