"""Sets of which the truth is known: columns that are equal, or better by so much."""

from __future__ import annotations

import math
import random

from groqchat.domain.statistics.comparison import Measured, Scale, compared


def simulated(
    seed, prompts, *, lead=0.0, passing=0.7, alike=0.6, ratio=1.0, spread=0.3, has_times=True
):
    """The statistics of two columns that answered the same prompts.

    Args:
        seed: The seed of the random numbers.
        prompts: The number of prompts.
        lead: By how much the second passes more often than the first.
        passing: How often the second passes.
        alike: The share of prompts that are as hard for one as for the other.
        ratio: The second's time, divided by the first's.
        spread: The standard deviation of its logarithm.
        has_times: Whether times are compared too.
    """
    drawn = random.Random(seed)
    checks, times = ({}, {}), ({}, {})
    for prompt in range(prompts):
        hardness = drawn.random() if drawn.random() < alike else None
        length = drawn.lognormvariate(0, 1)
        for column, (share, factor) in enumerate(((passing - lead, 1.0), (passing, ratio))):
            own = drawn.random() if hardness is None else hardness
            checks[column][prompt] = [float(own < share)]
            noise = math.exp(drawn.gauss(0, spread / math.sqrt(2)))
            times[column][prompt] = [length * factor * noise]
    measures = [Measured("passed", Scale.DIFFERENCE, checks)]
    return compared([*measures, Measured("total_s", Scale.RATIO, times)][: 1 + has_times])
