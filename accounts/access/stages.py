"""Between the right password and being in: a code by text or e-mail, and a password too old."""

from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.account.stages import LoginStage, LoginStageController
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import login_codes, passwords
from accounts.access.refusals import CodeLocked


class CodeStage(LoginStage):
    """Asks who wants it for the code that was sent after the password (IA16, IA25)."""

    key = "access_login_code"
    urlname = "access_login_code"

    def handle(self):
        user = self.login.user
        if user is None or not login_codes.is_asked(user):
            return None, True
        try:
            login_codes.send_unless_just_sent(user, at=timezone.now())
        except CodeLocked:
            self.state["is_locked"] = True  # The page says it, with the time.
        return redirect(self.urlname), True


class NewPasswordStage(LoginStage):
    """Leads whose password is older than the policy of the day allows to a new one (SE22)."""

    key = "access_new_password"
    urlname = "access_new_password"

    def handle(self):
        user = self.login.user
        if user is None or not self._came_by_password(user):
            return None, True
        if not passwords.is_expired(user, at=timezone.now()):
            return None, True
        return redirect(self.urlname), True

    def _came_by_password(self, user) -> bool:
        records = get_authentication_records(self.request, user)
        return any(record["method"] == "password" for record in records)


def only_at(stage_class):
    """This will let a page be seen by who stands at this step of logging in, as `login_stage`."""

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            stage = LoginStageController.enter(request, stage_class.key)
            if request.user.is_authenticated or stage is None:
                return redirect("account_login")
            request.login_stage = stage
            return view(request, *args, **kwargs)

        return guarded

    return guard
