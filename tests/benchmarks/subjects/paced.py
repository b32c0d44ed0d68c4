"""A set of prompts in virtual time: the seconds it takes, and the least that the limits allow.

The pretend Groq has the limits of the developer plan, and answers after a second. Prints JSON:
``took`` and ``least`` in seconds of virtual time, ``refused`` the number of refusals.
"""

import json
import os
import sys
from pathlib import Path

import pytest

from groqchat.domain.models.catalog import Plan
from tests.services.prompt_sets.paced import in_virtual_time, paced


def main(prompts):
    home = Path(os.environ["GROQCHAT_HOME"])
    with pytest.MonkeyPatch.context() as patch:
        pace = in_virtual_time(paced(patch, home, prompts, plan=Plan.DEVELOPER))
    refused = sum(pace.refused.values())
    print(json.dumps({"took": pace.took, "least": pace.least, "refused": refused}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
