"""Fits a logistic regression with L2 over named features; small, exact, the same each time."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

ROUNDS = 40
NEWTON = 8
SEEN = 2
"""A feature of one example alone says nothing of others."""
SEED = 1978
Row = list[tuple[str, float]]
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """What is known of one story, and the answer."""

    features: Mapping[str, float]
    answer: bool


def score(weights: Weights, features: Mapping[str, float]) -> float:
    """Return the log-odds of a yes."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def fitted(examples: Sequence[Example], strength: float) -> dict[str, float]:
    """Fit by dual coordinate descent (Yu, Huang and Lin, 2011); `strength` is their C."""
    rows = _rows(examples)
    alphas = [strength / 1000] * len(rows)
    weights: dict[str, float] = defaultdict(float)
    for row, alpha in zip(rows, alphas, strict=True):
        _move(weights, row, alpha)
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        for i in chance.sample(range(len(rows)), len(rows)):
            margin = sum(weights[name] * value for name, value in rows[i])
            square = sum(value * value for _, value in rows[i])
            alpha = _least(alphas[i], square, margin, strength)
            _move(weights, rows[i], alpha - alphas[i])
            alphas[i] = alpha
    return dict(weights)


def held_out_in_turn(examples: Sequence[Example], strength: float, folds: int) -> list[float]:
    """Return the log-odds of each example by weights that were fitted without it."""
    scores = [0.0] * len(examples)
    for fold in range(folds):
        weights = fitted([e for i, e in enumerate(examples) if i % folds != fold], strength)
        for i in range(fold, len(examples), folds):
            scores[i] = score(weights, examples[i].features)
    return scores


def _rows(examples: Sequence[Example]) -> list[Row]:
    """Return the features seen often enough, with the sign of the answer on them."""
    seen = Counter(name for example in examples for name in example.features)
    return [
        [(n, v if e.answer else -v) for n, v in e.features.items() if v and seen[n] >= SEEN]
        for e in examples
    ]


def _move(weights: dict[str, float], row: Row, step: float) -> None:
    for name, value in row:
        weights[name] += step * value


def _least(alpha: float, square: float, margin: float, strength: float) -> float:
    """Return where the dual is least along one coordinate, by Newton's steps kept inside."""
    new = alpha
    for _ in range(NEWTON):
        slope = square * (new - alpha) + margin + log(new / (strength - new))
        moved = new - slope / (square + strength / (new * (strength - new)))
        if moved <= 0:
            moved = new / 10
        elif moved >= strength:
            moved = strength - (strength - new) / 10
        new = moved
    edge = strength / 1_000_000
    return min(max(new, edge), strength - edge)
