"""Pages about money."""

from django.urls import path

from palabre.pay.views.own import pay, payouts, statement, take_back
from palabre.pay.views.where import change, destination, take_back_change

urlpatterns = [
    path("pay/", pay, name="pay"),
    path("pay/statement/", statement, name="statement"),
    path("pay/payouts/", payouts, name="payouts"),
    path("pay/payouts/<uuid:payout>/take-back/", take_back, name="take-payout-back"),
    path("pay/destination/", destination, name="destination"),
    path("pay/destination/take-back/", take_back_change, name="take-destination-back"),
    path("pay/destination/<str:rail>/", change, name="change-destination"),
]
