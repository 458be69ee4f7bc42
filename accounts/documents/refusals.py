"""Why the bank does not take a paper, does not show it, or does not let go of it (ux.md 4.10)."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class Unreadable(Refusal):
    """A file that the bank does not read; its kin say which way."""

    code = "unreadable_file"
    status = 422
    text = _(
        "We cannot read this kind of file. Choose a photo as JPG or PNG; papers may be PDF too"
    )


class Heic(Unreadable):
    """What iPhones make unless told otherwise."""

    code = "heic_file"
    text = _(
        "This is HEIC, which we cannot read. On an iPhone choose Settings, Camera, Formats, Most "
        "Compatible, and take the photo again: it is a JPG then"
    )


class Damaged(Unreadable):
    """Cut off, broken, or built to break a reader."""

    code = "damaged_file"
    text = _("We could not open this file. Take the photo again, or save the paper as a new PDF")


class EmptyFile(Unreadable):
    code = "empty_file"
    text = _("This file is empty. Choose the photo or the PDF again")


class FileTooLarge(Unreadable):
    """Facts: size, rounded up to a tenth, and most, in MB."""

    code = "file_too_large"
    text = _(
        "This file is {size} MB. The most we can take is {most} MB. "
        "Take the photo again at a lower size"
    )


class TooManyPixels(Unreadable):
    """Facts: most, in millions of pixels."""

    code = "too_many_pixels"
    text = _(
        "This picture has too many pixels. The most we can take is {most} million. "
        "Take the photo again at a lower size"
    )


class TooSmall(Unreadable):
    """Facts: side and least, in pixels."""

    code = "too_small"
    text = _(
        "This picture is only {side} pixels on its short side. We need {least} to read it. "
        "Take the photo again, closer"
    )


class LockedPdf(Unreadable):
    code = "locked_pdf"
    text = _("This PDF asks for a password. Save it without one and upload it again")


class TooManyPages(Unreadable):
    """Facts: pages and most."""

    code = "too_many_pages"
    text = _(
        "This PDF has {pages} pages. The most we can take is {most}. Send only those we ask for"
    )


class PaperUndated(Refusal):
    """A proof of address counts by its date."""

    code = "paper_undated"
    status = 422
    text = _("Enter the date on the paper, like 27 3 2026")


class PaperTooOld(Refusal):
    """Facts: months, how old it may be."""

    code = "paper_too_old"
    status = 422
    text = _("This paper is older than {months} months. Send a newer one")


class PaperFromTomorrow(Refusal):
    code = "paper_from_tomorrow"
    status = 422
    text = _("This day is still to come. Check the date on the paper")


class PaperOver(Refusal):
    """Facts: day, its last."""

    code = "paper_over"
    status = 422
    text = _("This paper was valid until {day}. Send one that is still valid")


class SameFile(Refusal):
    """Facts: other, the paper that this very file was sent as."""

    code = "same_file"
    status = 409
    text = _("You sent this file already, as: {other}. Choose another file")


class DeclinedBefore(Refusal):
    """The very file that an officer declined."""

    code = "declined_before"
    status = 409
    text = _("This is the file that we could not accept. Take a new photo, or choose another file")


class TooManyWaiting(Refusal):
    """Papers of no certain kind wait beside each other, up to a bound. Facts: most."""

    code = "too_many_waiting"
    status = 409
    text = _("{most} other papers wait for us already. Wait until we looked at them")


class PaperBeingChecked(Refusal):
    """It is part of a request that was sent; the bank answers on what it was given."""

    code = "paper_being_checked"
    status = 409
    text = _("We are checking this paper. You can change it when we have answered")


class NoSuchDocument(Refusal):
    """Another's document and none look the same."""

    code = "no_such_document"
    status = 404
    text = _("There is no such document of yours.")


class LinkExpired(Refusal):
    """The link is older than its minutes, or was made for another session."""

    code = "link_expired"
    status = 404
    text = _("This link has ended. Open the document again from its list")


class AlreadyDecided(Refusal):
    """Only what is waiting for a decision can be accepted or declined."""

    code = "document_already_decided"
    status = 409
    text = _("This document was decided already. Look again")


class StillNeeded(Refusal):
    """Its owner still banks here."""

    code = "document_still_needed"
    status = 409
    text = _("Its owner still banks here, so the law keeps this document")


class KeptByLaw(Refusal):
    """Facts: until, the last day (kenya.md 7.4)."""

    code = "kept_by_law"
    status = 409
    text = _("The law keeps this document until {until}. It cannot be disposed of before")


class PurposeMissing(Refusal):
    """Staff say why they look at a paper; its owner may read it (Data Protection Act)."""

    code = "purpose_missing"
    status = 422
    text = _("Say why you open this document")


UNFIT = {
    "heic": Heic,
    "unknown_format": Unreadable,
    "damaged": Damaged,
    "too_many_pixels": TooManyPixels,
    "too_small": TooSmall,
    "locked_pdf": LockedPdf,
    "too_many_pages": TooManyPages,
}
