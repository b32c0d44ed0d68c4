"""Tools and their fingerprints."""

import pytest

from groqchat.domain.tools.tool import fingerprint_of

TOLD = ("clock", "now", "The time now.", {"type": "object", "properties": {}})


@pytest.mark.parametrize("changed", range(4))
def test_a_fingerprint_changes_with_each_part_of_what_was_approved(changed):
    other = [*TOLD]
    other[changed] = {"type": "object"} if changed == 3 else "other"
    assert fingerprint_of(*other) != fingerprint_of(*TOLD)


def test_a_fingerprint_does_not_depend_on_the_order_of_keys():
    turned = {"properties": {}, "type": "object"}
    assert fingerprint_of(*TOLD[:3], turned) == fingerprint_of(*TOLD)
