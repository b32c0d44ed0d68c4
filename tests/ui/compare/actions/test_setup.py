"""Options of a column and the pause between requests, changed without a screen."""

from groqchat.domain.compare.rules import GAPS_S
from groqchat.domain.errors.table import failure
from groqchat.domain.models.catalog import Model
from groqchat.domain.turns.chat import Options
from groqchat.ui.compare.actions.setup import SetupActions
from tests.ui.compare.desk import A, B, CompareDesk


def setup(desk, save_gap):
    desk.changes = 0

    def changed():
        desk.changes += 1

    desk.copies, desk.reopened, desk.presets = [], [], {}

    async def copy(column, options, variant):
        desk.copies.append((column.name, options, variant))

    return SetupActions(
        desk.state,
        desk.ask,
        model_of=Model,
        save_gap=save_gap,
        changed=changed,
        copy=copy,
        reopen=lambda *begins: desk.reopened.append(begins),
        save_preset=desk.presets.__setitem__,
    )


async def test_the_options_of_the_focused_column_are_changed():
    desk = CompareDesk(A, B)
    desk.focused = 1
    brief = Options(B, "Be brief.")
    desk.windows = [brief, None]
    actions = setup(desk, lambda _: None)
    await actions.options()
    await actions.options()  # and closed without a change
    assert [column.column.options for column in desk.columns] == [Options(A), brief]
    assert desk.changes == 1


async def test_options_would_reveal_a_hidden_name():
    desk = CompareDesk(A, B)
    desk.comparison.is_blind = desk.comparison.is_hidden = True
    await setup(desk, lambda _: None).options()
    assert desk.opened == []
    assert desk.said == ["Vote first: this would reveal the name."]


async def test_a_column_is_copied_with_what_tells_the_copy_from_it():
    desk = CompareDesk(A, B)
    desk.focused, desk.comparison.turn = 1, 1
    cool = Options(B, temperature=0.5)
    desk.windows = [cool, None]
    actions = setup(desk, lambda _: None)
    await actions.copy()
    await actions.copy()  # and closed without a choice
    assert desk.copies == [(B, cool, "temperature=0.5")]
    ((number, words),) = desk.reopened
    assert number == 2
    assert words == f"Column 3 is {B} temperature=0.5. Tab, r asks it the last prompt."
    assert desk.comparison.columns[1].options == Options(B)


async def test_a_copy_has_to_differ_and_there_are_eight_columns_at_most():
    desk = CompareDesk(A, B)
    desk.windows = [Options(A)]
    actions = setup(desk, lambda _: None)
    await actions.copy()
    assert desk.said[-1].startswith("Nothing is copied: change something")
    desk.comparison.columns += desk.comparison.columns * 3
    await actions.copy()
    assert desk.said[-1] == "A comparison has 8 columns at most."
    assert desk.copies == desk.reopened == []


async def test_columns_are_saved_under_a_name():
    desk = CompareDesk(A, B)
    desk.comparison.columns[1].variant = "effort=low"
    desk.windows = [" @low-high ", "two words", "", None]
    actions = setup(desk, lambda _: None)
    for _ in range(4):
        await actions.save()
    assert desk.presets == {"low-high": [A, f"{B} effort=low"]}
    assert desk.said == [
        "The columns are saved: /compare @low-high opens them.",
        "A name has letters, digits, - and _ only.",
    ]
    desk.comparison.is_blind = desk.comparison.is_hidden = True
    await actions.save()
    assert desk.said[-1] == "Vote first: the names of the columns are hidden."


async def test_the_pause_goes_through_all_lengths_and_starts_again():
    desk, saved = CompareDesk(A, B), []
    actions = setup(desk, saved.append)
    for _ in GAPS_S:
        await actions.spacing()
    assert saved == [*GAPS_S[1:], 0.0]
    assert desk.said[0].startswith("Requests are now sent 1.0s apart")
    assert desk.said[-1] == "All requests are now sent at once."


async def test_a_pause_that_cannot_be_stored_is_said():
    def full(_):
        raise failure("disk", detail="full")

    desk = CompareDesk(A, B)
    await setup(desk, full).spacing()
    assert "full" in desk.said[-1]
    assert desk.comparison.gap_s == GAPS_S[1]  # it counts here
