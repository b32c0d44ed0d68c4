"""Drafts with chips: joined and cut, their chips stay on the same words."""

from groqchat.domain.sessions.draft import ChipMark, KeptDraft

DRAFT = KeptDraft("Why? PASTED", (ChipMark("paste", "pasted text", 5, 11),))


def words(draft):
    return [draft.text[chip.start : chip.end] for chip in draft.chips]


def test_one_draft_behind_another_has_the_chips_of_both():
    both = KeptDraft("PASTED\n", (ChipMark("paste", "pasted text", 0, 6),)) + DRAFT
    assert both.text == "PASTED\nWhy? PASTED"
    assert words(both) == ["PASTED", "PASTED"]
    assert KeptDraft() + DRAFT == DRAFT == DRAFT + KeptDraft()


def test_what_follows_a_prompt_keeps_the_chips_in_it_alone():
    assert DRAFT.behind(11) == KeptDraft()
    rest = (DRAFT + KeptDraft("\n\n") + DRAFT).behind(11)
    assert (rest.text, words(rest)) == ("Why? PASTED", ["PASTED"])
