"""Consensus that learns, from the judgements alone, how each member judges."""

from dataclasses import dataclass

import numpy as np

from palabre.quality.statistics.errors import StatisticsError
from palabre.quality.statistics.judgements import FloatArray, IndexArray, Judgements
from palabre.quality.statistics.layout import Layout, lay_out, pair_sums, row_products
from palabre.quality.statistics.majority import Consensus
from palabre.quality.statistics.votes import vote_table

# Expected counts and priors are kept from zero, so that one contradiction never rules a label out for good.
LEAST = 1e-10
# Labels this close to the highest posterior count as tied: sums of floats differ by less.
TIE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """A fitted model of J judgements, M members, T tasks, K labels.

    Attributes:
        posterior: (T, K) probability of each label being true, given all judgements; rows sum to 1.
        priors: (K,) share of tasks of each true label.
        pair_member, pair_label: (P,) the members and the labels that they gave at least once.
        given: (K, P) probability that the pair's member gives the pair's label when label k is true.
        judged: (T,) judgements of each task.
        log_likelihoods: natural logarithm of the probability of all judgements, at the start of iterations.
        converged: whether it stopped because the likelihood no longer rose, not at `max_iterations`.
    """

    posterior: FloatArray
    priors: FloatArray
    pair_member: IndexArray
    pair_label: IndexArray
    given: FloatArray
    judged: IndexArray
    log_likelihoods: tuple[float, ...]
    converged: bool

    @property
    def iterations(self) -> int:
        """Rounds of expectation and maximisation that were done."""
        return len(self.log_likelihoods)

    def consensus(self) -> Consensus:
        """The most probable label of each task; confidence is its posterior probability.

        Of labels within TIE of the highest posterior, the first in the label table is taken.
        """
        highest = self.posterior.max(axis=1, initial=0.0)
        near = self.posterior >= highest[:, None] - TIE
        label = np.zeros(len(near), dtype=np.intp)
        for number in reversed(range(near.shape[1])):
            label[near[:, number]] = number
        confidence = self.posterior[np.arange(len(label)), label]
        return Consensus(label, confidence, self.judged, near.sum(axis=1) > 1)

    def confusion(self, member: int) -> FloatArray:
        """(K, K) matrix of a member: [true, given] is how probably she gives `given` when `true` holds.

        Rows sum to 1. A label that she never gave has a column of zeros. A row for a label that none of her
        tasks seems to have is not evidence: it rests on next to nothing.
        """
        hers = np.flatnonzero(self.pair_member == member)
        matrix = np.zeros((len(self.priors), len(self.priors)))
        matrix[:, self.pair_label[hers]] = self.given[:, hers]
        return matrix


def dawid_skene(judgements: Judgements, *, max_iterations: int = 100, tolerance: float = 1e-5) -> DawidSkene:
    """Estimates the true labels and each member's confusion matrix together, by expectation maximisation.

    Idea: a member who often agrees with what the others make likely is believed more, separately for each
    label. With prior p[c] and e[m][c, k], the probability that member m gives k when c is true:

    * expectation: posterior[t, c] is proportional to p[c] * product over the judgements (m, k) of t of
      e[m][c, k];
    * maximisation: p[c] is the mean of posterior[:, c]; e[m][c, k] is the sum of posterior[t, c] over the
      tasks t that m gave k, divided by the same sum over all her tasks.

    It starts from the shares of the votes, and stops when an iteration raises the log likelihood by less than
    `tolerance` for each judgement, or after `max_iterations`.

    Edge cases: sums that would be zero are set to LEAST. Labels in the table that nobody gave stay at zero.
    The confidence is the model's own: where few judgements stand behind a task or a member it is too sure,
    since it takes estimated matrices for known ones. Without any disagreement it is the majority vote.

    Memory: about 3 arrays of T x K and 2 of J, whatever the number of members.

    Source: A. P. Dawid, A. M. Skene, Maximum Likelihood Estimation of Observer Error-Rates Using the EM
    Algorithm, Journal of the Royal Statistical Society C 28 (1979), 20-28.

    Raises:
        StatisticsError: `too_many_labels` (see `vote_table`), `no_judgements`, `no_iterations` for less
        than one.

    Ana and Bea agree with one another, Cho answers the contrary: believed in reverse, she makes t4, which
    she alone judged, a "no":

    >>> from palabre.quality.statistics import judgements_from_rows
    >>> votes = {"t1": "yyn", "t2": "nny", "t3": "yyn", "t5": "nny"}
    >>> members = ("ana", "bea", "cho")
    >>> rows = [(task, member, vote) for task, said in votes.items() for member, vote in zip(members, said)]
    >>> judgements = judgements_from_rows([*rows, ("t4", "cho", "y")])
    >>> model = dawid_skene(judgements)
    >>> consensus = model.consensus()
    >>> [judgements.labels[label] for label in consensus.label]
    ['y', 'n', 'y', 'n', 'n']
    """
    if max_iterations < 1:
        raise StatisticsError("no_iterations", max_iterations=max_iterations)
    if not len(judgements):
        raise StatisticsError("no_judgements")
    layout = lay_out(judgements)
    posterior = _vote_shares(judgements, layout)
    priors, given = _maximise(layout, posterior)
    log_likelihoods: list[float] = []
    converged = False
    while not converged and len(log_likelihoods) < max_iterations:
        posterior, log_likelihood = _expect(layout, priors, given)
        priors, given = _maximise(layout, posterior)
        gain = log_likelihood - log_likelihoods[-1] if log_likelihoods else np.inf
        converged = bool(gain < tolerance * len(judgements))
        log_likelihoods.append(log_likelihood)
    return DawidSkene(
        posterior=_for_all_labels(_by_task(posterior, layout), layout, judgements).T,
        priors=_for_all_labels(priors, layout, judgements),
        pair_member=layout.pair_member,
        pair_label=layout.labels[layout.pair_label],
        given=_for_all_labels(given, layout, judgements),
        judged=np.bincount(judgements.task, minlength=len(judgements.tasks)),
        log_likelihoods=tuple(log_likelihoods),
        converged=converged,
    )


def _vote_shares(judgements: Judgements, layout: Layout) -> FloatArray:
    """(U, T by slot) where the iteration starts: each label's share of the votes."""
    votes: FloatArray = vote_table(judgements)[layout.labels[:, None], layout.slot_task]
    votes /= votes.sum(axis=0)
    return votes


def _expect(layout: Layout, priors: FloatArray, given: FloatArray) -> tuple[FloatArray, float]:
    """The posterior (U, T by slot) under the parameters, and their log likelihood."""
    joint = row_products(layout, given)
    if layout.row_slot is not None:
        return _expect_from_parts(joint, layout.row_slot, priors)
    joint *= np.maximum(priors, LEAST)[:, None]
    total = joint.sum(axis=0)
    joint /= total
    return joint, float(np.log(total).sum())


def _expect_from_parts(
    products: FloatArray, row_slot: IndexArray, priors: FloatArray
) -> tuple[FloatArray, float]:
    """As `_expect`, for tasks of several rows: only as a sum of logs is a product of hundreds safe."""
    logs = np.log(products, out=products)
    joint = np.stack([np.bincount(row_slot, row_logs) for row_logs in logs])
    joint += np.log(np.maximum(priors, LEAST))[:, None]
    highest = joint.max(axis=0)
    joint = np.exp(joint - highest)
    total = joint.sum(axis=0)
    return joint / total, float((np.log(total) + highest).sum())


def _maximise(layout: Layout, posterior: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The priors (U,) and the probabilities (U, P) of each pair that fit the posterior best."""
    counts = np.maximum(pair_sums(layout, posterior), LEAST)
    given = counts / np.add.reduceat(counts, layout.member_begin, axis=1)[:, layout.pair_member]
    return posterior.mean(axis=1), given


def _by_task(per_slot: FloatArray, layout: Layout) -> FloatArray:
    """Values (U, T by slot) in the order of the tasks."""
    values = np.empty_like(per_slot)
    values[:, layout.slot_task] = per_slot
    return values


def _for_all_labels(values: FloatArray, layout: Layout, judgements: Judgements) -> FloatArray:
    """Values (U, ...) for the labels that were given as (K, ...), with zeros for the others."""
    if len(layout.labels) == len(judgements.labels):
        return values
    everywhere = np.zeros((len(judgements.labels), *values.shape[1:]))
    everywhere[layout.labels] = values
    return everywhere
