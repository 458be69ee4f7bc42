"""The admin site of the bank: for staff at work, with a second factor, and by permissions alone."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import queries as access
from accounts.staff import queries as staff_queries
from branch.workbench import queues
from wekeza.kit.workbench import Desk


class Workbench(AdminSite):
    """Django's admin with our gate, our login and our home page."""

    site_title = site_header = "Wekeza workbench"
    index_title = "Records"
    site_url = "/workbench/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """This will take our desks only: what libraries bring along could edit rows by itself."""
        if admin_class is not None and issubclass(admin_class, Desk):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        """This will let in whoever works here today, has an app and has shown a second factor."""
        return is_let_in(request)

    def each_context(self, request):
        """Around records stands what stands around every page of the workbench."""
        return super().each_context(request) | queues.around(request)

    def get_app_list(self, request, app_label=None):
        """Records stand on shelves, by what they are and not by the app that keeps them."""
        shelves = {}
        for app in super().get_app_list(request, app_label):
            for found in app["models"]:
                desk = self._registry[found["model"]]
                shelf = shelves.setdefault(desk.shelf, {"name": desk.shelf, "models": []})
                shelf["models"].append(found | {"about": desk.about})
        for shelf in shelves.values():
            shelf["models"].sort(key=lambda found: found["name"])
        return sorted(shelves.values(), key=lambda shelf: shelf["name"])

    def app_index(self, request, app_label, extra_context=None):
        """The records of one app; they are called as the others are."""
        return super().app_index(request, app_label, {"title": self.index_title})

    def logout(self, request, extra_context=None):
        """The bank has one way out, which ends the session everywhere it is known."""
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        """The bank has one page for passwords, which asks for the present one."""
        return redirect("account_change_password")

    def login(self, request, extra_context=None):
        """The bank has one login. Who is signed in and still not let in learns what is missing."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", "/workbench/"))
        return redirect("branch:workbench:closed")


def is_let_in(request) -> bool:
    """
    This will tell whether staff pages open to a request, and put what they may do on it, `held` by
    name and `grants` with branch and amount: asked anew for every request, so that a role that
    ended is gone at once.
    """
    if not hasattr(request, "staff"):  # A page asks more than once; the answer is the request's.
        member = staff_queries.member(request.user)
        is_in = (
            member is not None
            and request.user.is_active
            and member.is_at_work
            and request.user.is_verified()
            and access.has_authenticator(request.user)  # A passkey opens; the app signs approvals.
        )
        request.staff = member if is_in else None
        held = staff_queries.held_of(member, at=timezone.now()) if is_in else []
        request.grants, request.held = held, frozenset(one.permission for one in held)
    return request.staff is not None
