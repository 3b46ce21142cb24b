"""Pages about money."""

from django.urls import path

from palabre.pay.views.own import pay, payouts, statement

urlpatterns = [
    path("pay/", pay, name="pay"),
    path("pay/statement/", statement, name="statement"),
    path("pay/payouts/", payouts, name="payouts"),
]
