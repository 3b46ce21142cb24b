"""Coming in, and who is here."""

from django.urls import path

from palabre.people.views import account, sign_in

urlpatterns = [
    path("account/", account, name="account"),
    path("account/login/", sign_in, name="account_login"),
]
