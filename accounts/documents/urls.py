"""Documents: the list, one upload page a kind, and the links that expire."""

from django.urls import path

from accounts.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.index, name="index"),
    path("upload/<slug:kind>/", views.upload, name="upload"),
    path("see/<uuid:public_id>/", views.see, name="see"),
    path("<str:token>/", views.file, name="file"),
]
