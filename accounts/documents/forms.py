"""Choosing a file, and what stands on the paper."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.documents import operations as documents
from accounts.documents.models import Document
from accounts.documents.refusals import EmptyFile, FileTooLarge
from wekeza.kit.form_fields import DateBoxesField

Kind = Document.Kind
PHOTOS = {Kind.ID_FRONT: "environment", Kind.ID_BACK: "environment", Kind.SELFIE: "user"}
WITH_LAST_DAY = {Kind.ID_FRONT, Kind.PASSPORT}
WITH_DAY = {Kind.PROOF_OF_ADDRESS}


class Upload(forms.Form):
    """One file of one kind; photos open the phone's camera."""

    file = forms.FileField(
        label=_("Photo or PDF"),
        widget=forms.FileInput,
        allow_empty_file=True,
        error_messages={
            "required": _("Choose a photo or a PDF"),
            "invalid": _("Choose a photo or a PDF"),
            "missing": _("The file did not reach us. Choose it again"),
        },
    )
    issued_date = DateBoxesField(
        label=_("Date on the paper"),
        error_messages={"required": _("Enter the date on the paper, like 27 3 2026")},
    )
    expires_date = DateBoxesField(
        label=_("Valid until"),
        help_text=_("Only if a last day is printed on it, like 27 3 2031"),
        required=False,
    )

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        box, self.is_photo = self.fields["file"].widget, kind in PHOTOS
        if self.is_photo:
            self.fields["file"].label = _("Photo")
            box.attrs |= {"accept": "image/jpeg,image/png", "capture": PHOTOS[kind]}
        else:
            box.attrs["accept"] = "image/jpeg,image/png,application/pdf"
        if kind not in WITH_DAY:
            del self.fields["issued_date"]
        if kind not in WITH_LAST_DAY:
            del self.fields["expires_date"]

    def clean_file(self):
        """Too large is said before it is read; the upload handler told the size alone."""
        file = self.cleaned_data["file"]
        try:
            documents.refuse_size(file.size, at=timezone.now())
        except (EmptyFile, FileTooLarge) as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file

    def facts(self) -> dict:
        """This will give what the operation takes: the bytes, and the days on the paper."""
        said = dict(self.cleaned_data)
        return {"content": said.pop("file").read()} | said
