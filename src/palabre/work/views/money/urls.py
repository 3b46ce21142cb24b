"""Addresses under /money/."""

from django.urls import path

from palabre.pay.views.finance import floors
from palabre.pay.views.payouts import batch, batch_back, batch_file, batch_sent, payout, payouts, results
from palabre.pay.views.ways import own_account, ways
from palabre.work.views.money.deposits import cover, deposits, reverse
from palabre.work.views.money.ledger import account, accounts, postings_csv, transaction, trial_balance_csv
from palabre.work.views.money.overview import money
from palabre.work.views.money.settlements import settlement, settlements, settlements_csv

urlpatterns = [
    path("", money, name="money"),
    path("cover/", cover, name="money-cover"),
    path("deposits/", deposits, name="money-deposits"),
    path("deposits/<row:ledger_transaction>/take-back/", reverse, name="reverse-deposit"),
    path("accounts/", accounts, name="money-accounts"),
    path("accounts/<row:ledger_account>/", account, name="money-account"),
    path("accounts/<row:ledger_account>/postings.csv", postings_csv, name="money-account-csv"),
    path("transactions/<row:ledger_transaction>/", transaction, name="money-transaction"),
    path("settlements/", settlements, name="money-settlements"),
    path("settlements/<row:settlement>/", settlement, name="money-settlement"),
    path("settlements.csv", settlements_csv, name="money-settlements-csv"),
    path("payouts/", payouts, name="money-payouts"),
    path("payouts/<uuid:payout>/", payout, name="money-payout"),
    path("payouts/ways/", ways, name="payout-ways"),
    path("payouts/account/", own_account, name="operator-account"),
    path("payouts/results/", results, name="payout-results"),
    path("payouts/batches/<uuid:payout_batch>/", batch, name="payout-batch"),
    path("payouts/batches/<uuid:payout_batch>/file.<str:form>", batch_file, name="payout-batch-file"),
    path("payouts/batches/<uuid:payout_batch>/sent/", batch_sent, name="payout-batch-sent"),
    path("payouts/batches/<uuid:payout_batch>/put-back/", batch_back, name="payout-batch-back"),
    path("floors/", floors, name="money-floors"),
    path("trial-balance.csv", trial_balance_csv, name="money-trial-balance"),
]
