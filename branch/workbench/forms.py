"""The forms of the workbench."""

from django import forms

from accounts.access.phones import PhoneField
from accounts.staff.models import Branch, Role
from ledger.approvals.refusals import ReasonMissing
from ledger.money_field import MoneyField

# The reasons that customers read (`privacy.FileView.Purpose`), as staff say them.
PURPOSES = [
    ("CALL", "The customer called"),
    ("VISIT", "The customer is at the branch"),
    ("REQUEST", "To do what the customer asked for"),
    ("PAYMENT", "To look into a payment"),
    ("COMPLAINT", "To answer a complaint"),
    ("REVIEW", "To check the customer’s documents"),
    ("CONTROL", "To check the bank’s own work"),
    ("INVESTIGATION", "To follow the law: an investigation"),
]


class RoleChoice(forms.ModelChoiceField):
    """A role by what people call it."""

    def __init__(self, rows, **options):
        super().__init__(rows.order_by("label"), empty_label=None, **options)

    def label_from_instance(self, role):
        return role.label


class UpTo(MoneyField):
    """An amount in KES up to which somebody may do something; nothing typed is any amount."""

    def __init__(self, **options):
        super().__init__(required=False, **options)

    def clean(self, value):
        money = super().clean(value)
        return money and money.amount


class PermissionChoice(forms.ModelChoiceField):
    """A permission by what it lets somebody do."""

    def label_from_instance(self, permission):
        return f"{permission.label} ({permission.code})"


class Decide(forms.Form):
    """Yes with a code, or no with a reason; `digest` is that of what the page showed."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(
        choices=[("approve", "Approve"), ("reject", "Reject"), ("withdraw", "Take it back")],
        widget=forms.HiddenInput,
    )
    note = forms.CharField(
        label="Note or reason",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whoever asked reads it. A rejection needs one.",
    )
    code = forms.CharField(
        label="Code from your authenticator app",
        max_length=10,
        help_text="It signs exactly what you see here. To reject, you need none.",
        error_messages={"required": "Type the 6 digits of your authenticator app to approve"},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["code"].required = self.data.get("verdict", "approve") == "approve"


class Search(forms.Form):
    """One box for everything that names a customer."""

    q = forms.CharField(
        label="Find a customer or a business",
        help_text="ID number, phone, account, receipt, e-mail or name; of a business also its "
        "registration number or KRA PIN",
        max_length=120,
        required=False,
    )


class Purpose(forms.Form):
    """Why a file is opened; asked once for each customer and sitting."""

    purpose = forms.ChoiceField(label="Why do you open it?", choices=PURPOSES)

    def __init__(self, *args, may_investigate: bool, **options):
        super().__init__(*args, **options)
        if not may_investigate:  # Customers never see that one, so few may say it.
            choices = [one for one in PURPOSES if one[0] != "INVESTIGATION"]
            self.fields["purpose"].choices = choices


class Why(forms.Form):
    """A reason in words, which is kept."""

    reason = forms.CharField(label="Reason", max_length=400)


class Standing(forms.Form):
    """Stop a customer at once, or ask that they may go on; which one is the button."""

    deed = forms.ChoiceField(choices=[("suspend", "Stop"), ("lift", "Lift")])
    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Colleagues read it; the customer never does.",
    )


class Hire(forms.Form):
    """Somebody new: who they are, where they work, and their first role."""

    full_name = forms.CharField(label="Full name, as on the ID", max_length=120)
    email = forms.EmailField(label="E-mail address at the bank")
    phone = PhoneField()
    national_id = forms.RegexField(r"^[0-9]{6,9}$", label="National ID number")
    branch = forms.ModelChoiceField(Branch.objects.order_by("code"), empty_label=None)
    role = RoleChoice(Role.objects.filter(is_staff_role=True))
    in_every_branch = forms.BooleanField(label="The role holds in every branch", required=False)
    reason = forms.CharField(label="Reason", max_length=500)


DEEDS = ("admit", "give", "end", "suspend", "dismiss", "return")


class AboutMember(forms.Form):
    """One thing to do about a member of staff; which one is the button that was pressed."""

    deed = forms.ChoiceField(choices=[(name, name) for name in DEEDS])
    role = RoleChoice(Role.objects.filter(is_staff_role=True), required=False)
    branch = forms.ModelChoiceField(
        Branch.objects.order_by("code"), required=False, empty_label="Every branch"
    )
    start = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Enter the first day"},
    )
    end = forms.DateField(
        label="To, the last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave it empty for no end.",
    )
    amount_up_to = UpTo(label="Up to", help_text="Leave it empty to go as far as the role does.")
    grant = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        required=False,
        error_messages={"required": ReasonMissing.text},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.data.get("deed", "give") == "give":
            for name in ("role", "start", "reason"):
                self.fields[name].required = True


class ChangeRole(forms.Form):
    """What a role may do from a day on: see whom it touches, or ask; which one is the button."""

    deed = forms.ChoiceField(choices=[("look", "Look"), ("add", "Add"), ("take", "Take away")])
    permission = PermissionChoice(queryset=None, empty_label=None)
    amount_up_to = UpTo(label="Up to", help_text="Leave it empty for any amount.")
    start = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="The second person reads it.",
        error_messages={"required": ReasonMissing.text},
    )

    def __init__(self, *args, permissions, **options):
        super().__init__(*args, **options)
        self.fields["permission"].queryset = permissions
        self.fields["reason"].required = self.data.get("deed") != "look"  # Looking needs none,

    def clean(self):
        self.fields["reason"].required = True  # but what is shown afterwards is for asking.
        return super().clean()


class Emergency(forms.Form):
    """Take a role, or judge an emergency."""

    role = RoleChoice(Role.objects.filter(break_glass_minutes__gt=0), required=False)
    emergency = forms.IntegerField(required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=[("right", "Right"), ("wrong", "Wrong")], required=False)
    reason = forms.CharField(label="What is the emergency?", max_length=500, required=False)
