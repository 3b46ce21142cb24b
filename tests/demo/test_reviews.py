"""The sample's texts: ours, all different, half in each language, with every label."""

from collections import Counter

from palabre.demo.reviews import LABELS, reviews


def test_four_hundred_different_texts_half_in_each_language() -> None:
    texts = reviews()
    assert len({one.text for one in texts}) == len(texts) == 400
    assert Counter(one.language for one in texts) == {"en": 200, "fr": 200}
    assert set(Counter(one.label for one in texts)) == set(LABELS)


def test_the_same_seed_draws_the_same() -> None:
    assert reviews(60, seed=3) == reviews(60, seed=3) != reviews(60, seed=4)
