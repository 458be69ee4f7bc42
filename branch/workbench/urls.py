"""The workbench's own pages; Django's admin answers below /workbench/records/."""

from django.urls import path

from branch.workbench import role_views, standing_views, views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("closed/", views.closed, name="closed"),
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/<uuid:public_id>/", views.approval, name="approval"),
    path("search/", views.search, name="search"),
    path("customer/<uuid:public_id>/", views.customer, name="customer"),
    path("customer/<uuid:public_id>/standing/", standing_views.standing, name="standing"),
    path("customer/<uuid:public_id>/access/", views.ask_access, name="ask_access"),
    path("customer/<uuid:public_id>/panel/<str:name>/", views.panel, name="panel"),
    path("customer/<uuid:public_id>/reveal/", views.reveal, name="reveal"),
    path("paper/<uuid:public_id>/", views.paper, name="paper"),
    path("staff/", views.staff, name="staff"),
    path("staff/hire/", views.hire, name="hire"),
    path("staff/<uuid:public_id>/", views.member, name="member"),
    path("staff/roles/<str:code>/", role_views.role, name="role"),
    path("emergencies/", views.emergencies, name="emergencies"),
]
