"""What partners, and customers who deal with them, are refused, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal


class NoSuchPartner(Refusal):
    """No partner, app, consent, endpoint or delivery of the asker; others' look the same."""

    code = "not_found"
    status = 404
    text = _("We could not find that.")


class AlreadyPartner(Refusal):
    code = "already_partner"
    status = 409
    text = _("This login already speaks for {name}. Use another login for another company")


class NameTaken(Refusal):
    code = "name_taken"
    status = 409
    text = _("The name {name} is taken. Choose another")


class NotAdmitted(Refusal):
    code = "partner_not_admitted"
    status = 409
    text = _("Live apps start once the bank has approved your company. Build with a sandbox app")


class NoSandbox(Refusal):
    """Sandbox apps speak to demo customers only; this bank's customers are real."""

    code = "no_sandbox_here"
    status = 409
    text = _("Sandbox apps work with the demo bank only. Make a live app here")


class AppClosed(Refusal):
    code = "app_closed"
    status = 403
    text = _("This app is closed or suspended. Nothing was shared")


class BadRedirect(Refusal):
    """Facts: uri."""

    code = "bad_redirect"
    status = 422
    text = _("{uri} can’t be used. Enter an address with https:// and without * or #")


class BadNetwork(Refusal):
    """Facts: network."""

    code = "bad_network"
    status = 422
    text = _("{network} is no IP address. Enter one like 196.201.214.200 or 196.201.214.0/24")


class UnknownScope(Refusal):
    """Facts: scope."""

    code = "invalid_scope"
    status = 422
    text = _("{scope} is no scope. Choose from the list")


class BadAuthorization(Refusal):
    """The address with which a partner sent a customer here is not sound. Facts: what."""

    code = "invalid_request"
    status = 400
    text = _("The app sent you here in a way that is not safe ({what}). Nothing was shared")


class NothingChosen(Refusal):
    code = "nothing_chosen"
    status = 422
    text = _("Choose at least one account to share")


class ConsentOver(Refusal):
    """No consent of a customer stands behind the call: revoked, over, or never given."""

    code = "consent_required"
    status = 403
    text = _("The customer’s consent is over. Ask the customer to connect again")


class AddressNotAllowed(Refusal):
    """Facts: address."""

    code = "ip_not_allowed"
    status = 403
    text = _("{address} is not on the IP list of this app. Add it, or call from a listed address")


class QuotaUsed(Refusal):
    """Facts: most, span, retry_after (seconds until it opens again)."""

    code = "quota_exceeded"
    status = 429
    text = _("This app used its {most} calls a {span}. Try again in {retry_after} seconds")


class UnsafeAddress(Refusal):
    """A webhook must not be a way into the bank. Facts: why."""

    code = "unsafe_address"
    status = 422
    text = _("We can’t send to that address: {why}. Enter a public https:// address")


class ReplayTooEarly(Refusal):
    code = "delivery_waiting"
    status = 409
    text = _("That event is on its way already. Wait for its next try")


class EndpointOff(Refusal):
    code = "webhook_off"
    status = 409
    text = _("This webhook is off. Turn it on, then send again")
