"""The tokens of servers of tools."""

import pytest

from groqchat.domain.errors.keyring_advice import WITHOUT, advice
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.secret import Secret
from groqchat.services.server_tokens import ServerTokens


class Missing:
    """A keyring that is not there."""

    def __init__(self, told):
        self.told = told

    async def store_key(self, name, key):
        raise failure("keyring_missing", detail="none", advice=self.told)


@pytest.mark.parametrize(
    "told", [f"Install one. {WITHOUT}", advice("keyring_missing", "container"), ""]
)
async def test_without_a_keyring_no_variable_is_advised_for_a_token(told):
    with pytest.raises(StorageError) as error:
        await ServerTokens(Missing(told)).store("s", Secret("t0p-s3cret"))
    assert error.value.suggestion.startswith("Install ")
    assert error.value.suggestion.endswith("A token is kept nowhere else.")
    assert "GROQ_API_KEY" not in error.value.suggestion
