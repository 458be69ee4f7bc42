"""The developers' pages (/developers/…), and what a customer shares (/consents/…)."""

from django.urls import path

from accounts.partners import views, webhook_views

app_name = "partners"
urlpatterns = [
    path("developers/", views.quickstart, name="quickstart"),
    path("developers/apply/", views.apply, name="apply"),
    path("developers/apps/", views.apps, name="apps"),
    path("developers/apps/new/", views.new_app, name="new_app"),
    path("developers/apps/key/", views.key_after_confirm, name="key_after_confirm"),
    path("developers/apps/<uuid:public_id>/", views.app, name="app"),
    path("developers/apps/<uuid:public_id>/change/", views.change_app, name="change_app"),
    path("developers/apps/<uuid:public_id>/key/", views.key, name="key"),
    path("developers/apps/<uuid:public_id>/leaked/", views.leaked, name="leaked"),
    path("developers/apps/<uuid:public_id>/close/", views.close_app, name="close_app"),
    path("developers/apps/<uuid:public_id>/usage/", views.usage, name="usage"),
    path("developers/apps/<uuid:public_id>/logs/", views.logs, name="logs"),
    path("developers/apps/<uuid:public_id>/webhooks/", webhook_views.webhooks, name="webhooks"),
    path("developers/webhooks/<uuid:public_id>/", webhook_views.webhook, name="webhook"),
    path("consents/", views.consents, name="consents"),
    path("consents/<uuid:public_id>/", views.consent, name="consent"),
]
