"""Partners at the workbench, under /workbench/partners/."""

from django.urls import path

from branch.partners import views

app_name = "partners"
urlpatterns = [
    path("", views.partners, name="partners"),
    path("<uuid:public_id>/", views.partner, name="partner"),
]
