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

    return SetupActions(desk.state, desk.ask, model_of=Model, save_gap=save_gap, changed=changed)


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
