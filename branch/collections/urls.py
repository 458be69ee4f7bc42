"""The collections officer's pages, below /workbench/collections/."""

from django.urls import path

from branch.collections import views

app_name = "collections"
urlpatterns = [
    path("worklist/", views.worklist, name="worklist"),
    path("worklist/<uuid:public_id>/", views.case, name="case"),
    path("worklist/<uuid:public_id>/letters/<uuid:paper>/", views.letter, name="letter"),
]
