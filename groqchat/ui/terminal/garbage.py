"""Collects garbage when nothing is going on, so that no stream is stopped for it.

Python looks for garbage whenever some objects have been made, in the middle of whatever is being
done, and then stops everything for up to 90 ms. A stream makes none that reference counts do not
free, so the collector is left out of it; what closed screens and ended turns leave is collected
after them.
"""

from __future__ import annotations

import gc

# How many objects more than now there may be before Python looks by itself; none of our streams
# makes so many that stay.
LAST_RESORT = 1_000_000
# How many objects are worth the hundredth of a second that it takes to look through them; a few
# megabytes.
WORTH_IT = 40_000
# So many looks at what is new are followed by one at everything, as with Python's own.
LOOKS = 10


def leave_out_of_streams() -> None:
    """From now on garbage is collected by :func:`tidy_up`."""
    gc.set_threshold(LAST_RESORT, LOOKS, LOOKS)


def tidy_up() -> None:
    """Collect what has gathered, if that is worth it."""
    fresh, _, looks = gc.get_count()
    if fresh >= WORTH_IT:
        gc.collect(2 if looks >= LOOKS else 1)
