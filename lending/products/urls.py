"""What the bank lends, under /borrow/."""

from django.urls import path

from lending.products import views

app_name = "products"
urlpatterns = [path("calculator/", views.calculator, name="calculator")]
