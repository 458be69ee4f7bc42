"""That a loan is paid by itself, below /borrow/."""

from django.urls import path

from lending.instructions import views

app_name = "instructions"
urlpatterns = [path("loans/<uuid:public_id>/instruction/", views.instruction, name="instruction")]
