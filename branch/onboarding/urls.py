"""What officers do about customers, under /workbench/onboarding/."""

from django.urls import path

from branch.onboarding import views

app_name = "onboarding"
urlpatterns = [
    path("kyc/", views.kyc, name="kyc"),
    path("kyc/<uuid:public_id>/", views.review, name="review"),
    path("checks/", views.checks, name="checks"),
    path("checks/<uuid:public_id>/", views.check, name="check"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/<uuid:public_id>/", views.correction, name="correction"),
    path("data-requests/", views.data_requests, name="data_requests"),
    path("data-requests/<uuid:public_id>/", views.data_request, name="data_request"),
]
