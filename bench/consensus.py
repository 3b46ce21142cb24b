"""Dawid–Skene and Krippendorff's alpha against crowd-kit: how fast, and whether the labels are the same.

Runs in the environment that has crowd-kit, with `src` on PYTHONPATH; the statistics need numpy alone.
Prints a JSON list of {name, value, budget, ok}; a budget of null is a figure without one. Exit status 1 when
one is missed. With --file, labels of a `task,worker,label` CSV are compared too.
"""

import argparse
import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote

from palabre.quality.statistics import (
    Judgements,
    alpha_interval,
    dawid_skene,
    judgements_from_columns,
    majority_vote,
)

ITERATIONS = 10
JUDGEMENTS = 1_000_000
SEED = 20_260_101


class Shape(NamedTuple):
    """What a generated campaign looks like."""

    members: int
    labels: int
    overlap: int


class Columns(NamedTuple):
    """A campaign as three columns of ids."""

    task: npt.NDArray[np.int64]
    worker: npt.NDArray[np.int64]
    label: npt.NDArray[np.int64]


class Figure(NamedTuple):
    """One line of the report."""

    name: str
    value: float
    budget: float | None
    ok: bool


SHAPES = (Shape(1000, 5, 3), Shape(1000, 5, 5), Shape(200, 3, 3), Shape(1000, 2, 5))


def generated(shape: Shape, rng: np.random.Generator) -> Columns:
    """A million judgements in random order, by members who are right 50 to 95 % of the time."""
    tasks = JUDGEMENTS // shape.overlap
    truth = rng.integers(shape.labels, size=tasks)
    skill = rng.uniform(0.5, 0.95, shape.members)
    task = np.repeat(np.arange(tasks), shape.overlap)
    first = rng.integers(shape.members, size=tasks)
    step = rng.integers(1, shape.members // shape.overlap, size=tasks)
    member = ((first[:, None] + step[:, None] * np.arange(shape.overlap)) % shape.members).ravel()
    right = rng.random(len(task)) < skill[member]
    wrong = (truth[task] + rng.integers(1, shape.labels, size=len(task))) % shape.labels
    order = rng.permutation(len(task))
    return Columns(task[order], member[order], np.where(right, truth[task], wrong)[order])


def seconds(work: Callable[[], object], tries: int) -> float:
    """The fastest of some tries: what the work takes when nothing else disturbs it."""
    taken = []
    for _ in range(tries):
        begin = perf_counter()
        work()
        taken.append(perf_counter() - begin)
    return min(taken)


def speed(shape: Shape) -> list[Figure]:
    """From columns of ids to labels: each side is given the integers that it reads fastest."""
    columns = generated(shape, np.random.default_rng(SEED))
    frame = pd.DataFrame(columns._asdict())
    theirs = seconds(lambda: by_crowd_kit(frame, ITERATIONS), tries=2)
    ours = seconds(lambda: by_palabre(judgements_from_columns(*columns), ITERATIONS), tries=5)
    judgements = judgements_from_columns(*columns)
    fit_alone = seconds(lambda: by_palabre(judgements, ITERATIONS), tries=5)
    name = f"{shape.members} members, {shape.labels} labels, {shape.overlap} a task"
    return [
        figure(f"Dawid–Skene from ids to labels, times crowd-kit: {name}", theirs / ours, at_least=15),
        figure(f"Dawid–Skene alone, times crowd-kit: {name}", theirs / fit_alone, at_least=15),
        Figure(f"seconds of ours, from ids to labels: {name}", round(ours, 3), None, ok=True),
        Figure(f"seconds of crowd-kit: {name}", round(theirs, 3), None, ok=True),
        *same_labels(judgements, frame, name),
    ]


def speed_with_texts(shape: Shape) -> Figure:
    """The same when ids are texts, as they are in files."""
    columns = generated(shape, np.random.default_rng(SEED))
    texts = [[f"{name}-{number}" for number in column] for name, column in zip("twl", columns, strict=True)]
    frame = pd.DataFrame(dict(zip(Columns._fields, texts, strict=True)))
    theirs = seconds(lambda: by_crowd_kit(frame, ITERATIONS), tries=1)
    ours = seconds(lambda: by_palabre(judgements_from_columns(*texts), ITERATIONS), tries=3)
    return Figure("Dawid–Skene from text ids, times crowd-kit", round(theirs / ours, 1), None, ok=True)


def by_palabre(judgements: Judgements, iterations: int) -> npt.NDArray[np.intp]:
    model = dawid_skene(judgements, max_iterations=iterations, tolerance=-np.inf)
    return model.consensus().label


def by_crowd_kit(frame: pd.DataFrame, iterations: int) -> pd.Series:
    return DawidSkene(n_iter=iterations, tol=-np.inf).fit_predict(frame)


def same_labels(judgements: Judgements, frame: pd.DataFrame, name: str) -> list[Figure]:
    """Tasks whose labels differ after the same number of iterations, and, for majorities, without a tie."""
    ours = dawid_skene(judgements, max_iterations=ITERATIONS, tolerance=-np.inf).consensus().label
    theirs = numbered(by_crowd_kit(frame, ITERATIONS), judgements)
    vote = majority_vote(judgements)
    their_vote = numbered(MajorityVote().fit_predict(frame), judgements)
    differing = int(((vote.label != their_vote) & ~vote.tied).sum())
    return [
        figure(f"Dawid–Skene labels unlike crowd-kit's: {name}", int((ours != theirs).sum()), at_most=0),
        figure(f"majorities unlike crowd-kit's, ties apart: {name}", differing, at_most=0),
    ]


def numbered(labels: pd.Series, judgements: Judgements) -> npt.NDArray[np.intp]:
    """crowd-kit's labels in the order of our tasks, as indices into our labels."""
    by_task = dict(zip(map(str, labels.index), map(str, labels), strict=True))
    index = {label: number for number, label in enumerate(judgements.labels)}
    return np.array([index[by_task[task]] for task in judgements.tasks], dtype=np.intp)


def alpha_speed() -> Figure:
    """A thousand resamples of 30,000 tasks."""
    columns = generated(Shape(100, 5, 3), np.random.default_rng(SEED))
    kept = columns.task < 30_000
    judgements = judgements_from_columns(*(column[kept] for column in columns))
    taken = seconds(lambda: alpha_interval(judgements, np.random.default_rng(SEED)), tries=3)
    return figure("seconds of alpha's interval, 30,000 tasks, 1,000 resamples", taken, at_most=2)


def compared_on_file(path: Path) -> list[Figure]:
    """The same labels on real judgements?"""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)[["task", "worker", "label"]]
    judgements = judgements_from_columns(*(frame[name].tolist() for name in frame.columns))
    return same_labels(judgements, frame, path.name)


def figure(name: str, value: float, *, at_least: float = -np.inf, at_most: float = np.inf) -> Figure:
    budget = at_least if np.isfinite(at_least) else at_most
    return Figure(name, round(value, 3), budget, ok=at_least <= value <= at_most)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, help="a task,worker,label CSV file to compare labels on")
    arguments = parser.parse_args()
    # crowd-kit leans on parts of pandas that warn.
    warnings.simplefilter("ignore")
    figures = [line for shape in SHAPES for line in speed(shape)]
    figures += [speed_with_texts(SHAPES[0]), alpha_speed()]
    if arguments.file:
        figures += compared_on_file(arguments.file)
    print(json.dumps([line._asdict() for line in figures], ensure_ascii=False, indent=2))
    sys.exit(not all(line.ok for line in figures))


if __name__ == "__main__":
    main()
