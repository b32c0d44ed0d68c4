"""The kinds of messages: what of a branch is sent with the next prompt."""

from enum import StrEnum


class MessageKind(StrEnum):
    """The part that a message plays in the context of later requests.

    SPOKEN is sent with every later prompt. ASIDE is a side question or its answer, which no later
    request holds. SUMMARY is the request for a summary of earlier messages, or that summary, which
    is sent in their place. COMPACTION is a note for the user, which is never sent: it says what is
    left out from there on.
    """

    SPOKEN = ""
    ASIDE = "aside"
    SUMMARY = "summary"
    COMPACTION = "compaction"

    @property
    def words(self) -> str:
        """The name of the kind, as readers are shown it; empty for what was simply said."""
        return _WORDS.get(self, "")


_WORDS = {
    MessageKind.ASIDE: "side question, not sent again",
    MessageKind.SUMMARY: "summary of earlier turns",
    MessageKind.COMPACTION: "compaction",
}
