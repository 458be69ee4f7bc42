"""The business portal's own pages, under /biz/."""

from django.urls import path

from accounts.businesses import paper_views, views

app_name = "businesses"
urlpatterns = [
    path("", views.index, name="index"),
    path("register/company/", views.begin, name="begin"),
    path("register/<uuid:business>/company/", views.company, name="company"),
    path("register/<uuid:business>/directors/", views.directors, name="directors"),
    path("register/<uuid:business>/owners/", views.owners, name="owners"),
    path("register/<uuid:business>/mandate/", views.mandate, name="mandate"),
    path("register/<uuid:business>/resolution/", views.resolution, name="resolution"),
    path("register/<uuid:business>/check/", views.check, name="check"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("<uuid:business>/papers/", paper_views.papers, name="papers"),
    path("<uuid:business>/papers/see/<uuid:document>/", paper_views.see, name="see"),
    path("<uuid:business>/papers/<slug:kind>/", paper_views.upload, name="upload"),
    path("<uuid:business>/team/", views.team, name="team"),
    path("<uuid:business>/team/invite/", views.invite, name="invite"),
    path("<uuid:business>/team/mandate/", views.change_mandate, name="change_mandate"),
    path("<uuid:business>/team/leave/<int:customer>/", views.leave, name="leave"),
    path("<uuid:business>/team/changes/<uuid:change>/", views.change, name="change"),
]
