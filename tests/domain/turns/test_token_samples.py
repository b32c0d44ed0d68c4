"""The texts that judge the estimate of tokens are many, different and counted."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.domain.turns.token_samples import read, samples, write

ALL = samples()


def test_there_are_at_least_forty_kinds_with_several_samples_each():
    counted = Counter(sample.kind for sample in ALL)
    assert len(counted) >= 40
    assert min(counted.values()) >= 2


def test_no_sample_stands_twice():
    texts = Counter(sample.text for sample in ALL)
    assert texts.most_common(1)[0][1] == 1


def test_samples_have_the_length_of_what_is_pasted():
    odd = [(sample.kind, len(sample.text)) for sample in ALL if not 400 <= len(sample.text) <= 2500]
    assert not odd


def test_every_count_can_be_one_of_tokens():
    """No token of o200k_base is shorter than a byte, and none of a sample is counted as 0."""
    assert all(0 < sample.true_tokens <= len(sample.text.encode()) for sample in ALL)


def test_a_kind_is_written_as_it_was_read(tmp_path):
    for kind in {sample.kind for sample in ALL}:
        these = [sample for sample in ALL if sample.kind == kind]
        write(tmp_path / f"{kind}.txt", these)
        assert read(tmp_path / f"{kind}.txt") == these


def test_a_text_before_the_first_mark_is_refused(tmp_path):
    (tmp_path / "german.txt").write_text("Guten Tag\n=== 2 tokens ===\nGuten Tag\n", "utf-8")
    with pytest.raises(ValueError, match=r"german\.txt does not begin"):
        read(tmp_path / "german.txt")
