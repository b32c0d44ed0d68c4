"""Where things stand on the chat screen: nothing covers what one types, at any size."""

import asyncio
import re

import pytest
from textual.screen import Screen

from groqchat.provider.groq_provider import GroqProvider
from groqchat.ui.commands import COMMANDS
from groqchat.ui.transcript.painter import GUTTER, MARGIN
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting, is_over
from tests.ui.stage import seen, until

NARROW = [(40, 12), (80, 24), (100, 30)]


@pytest.mark.parametrize("size", NARROW)
@pytest.mark.parametrize(("key", "side"), [("ctrl+t", "#panel"), ("ctrl+s", "#sessions")])
async def test_what_lies_over_the_conversation_leaves_the_composer_and_goes_with_esc(
    groq, size, key, side
):
    async with chatting(size=size) as (pilot, screen):
        await pilot.press(key)
        shown = screen.query_one(side)
        await until(pilot, lambda: shown.region.height)
        assert not shown.region.overlaps(screen.composer.area.region)
        screen.toasts.notice("Something was done.")
        await until(pilot, lambda: screen.toasts.children)
        card = screen.toasts.children[0]
        await until(pilot, lambda: card.region.height)
        assert screen.get_widget_at(*card.region.offset)[0] is card
        await pilot.press("escape")
        await until(pilot, lambda: not shown.display)
        assert screen.focused is screen.composer.area


async def test_a_side_stands_beside_the_text_only_where_80_columns_stay_for_it(groq):
    widths = {109: (0, 0), 110: (0, 0), 119: (0, 0), 120: (36, 0), 145: (36, 0), 146: (36, 26)}
    widths |= {147: (36, 26), 160: (36, 27), 200: (36, 34), 300: (36, 40)}
    async with chatting(size=(100, 30)) as (pilot, screen):
        panel, sessions = screen.chat.panel, screen.chat.session_list
        for columns, wanted in widths.items():
            await pilot.resize_terminal(columns, 30)
            await until(
                pilot,
                lambda wanted=wanted: (
                    (panel.region.width, sessions.region.width) == wanted
                    and screen.chat.status.display is not panel.display
                ),
            )
            room = screen.conversation.region.width - GUTTER - MARGIN - 1  # its scrollbar
            assert room >= (80 if any(wanted) else columns - 4)
        screen.toasts.notice("Something was done.")
        await until(pilot, lambda: screen.toasts.children)
        card = screen.toasts.children[0]
        await until(pilot, lambda: card.region.height)
        assert not card.region.overlaps(panel.region)


@pytest.mark.parametrize("size", [(80, 24), (120, 30)])
async def test_the_command_shows_the_panel_and_hides_it_only_where_that_is_written(groq, size):
    async with chatting(size=size) as (pilot, screen):
        panel, run = screen.chat.panel, screen.chat.dispatch.run
        run("quota", "off")
        await until(pilot, lambda: not panel.display)
        run("quota", "")
        await until(pilot, lambda: panel.display)
        run("quota", "")
        await until(pilot, lambda: "/quota off hides it" in seen(screen))
        assert panel.display
        run("quota", "off")
        await until(pilot, lambda: not panel.display)
        run("quota", "off")
        await until(pilot, lambda: "/quota shows it" in seen(screen))


async def test_sides_are_hidden_and_shown_by_key_and_command_and_stay_so(groq):
    async with chatting(size=(150, 30)) as (pilot, screen):
        panel, sessions = screen.chat.panel, screen.chat.session_list
        await until(pilot, lambda: panel.display and sessions.display)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: not panel.display)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: sessions.has_focus_within)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not sessions.display)
        assert screen.focused is screen.composer.area
        await pilot.press("ctrl+s", "escape")
        await until(pilot, lambda: not sessions.display)
        await until(pilot, lambda: not screen.workspace.services.settings.show_sessions)
    async with chatting(size=(150, 30)) as (pilot, screen):
        panel, sessions = screen.chat.panel, screen.chat.session_list
        assert not panel.display
        assert not sessions.display
        await pilot.press("ctrl+t")
        await until(pilot, lambda: panel.display)
        await pilot.press("ctrl+s", "ctrl+s")
        await until(
            pilot, lambda: sessions.display and screen.workspace.services.settings.show_sessions
        )
        assert sessions.has_focus_within
        assert screen.conversation.region.x == sessions.region.right
        await pilot.press("escape", *"/sessions off", "enter")
        await until(pilot, lambda: not sessions.display)


def seconds(pattern, text):
    minutes, rest = re.search(pattern + r" (?:(\d+)m )?(\d+)s", text).groups(default="0")
    return 60 * int(minutes) + int(rest)


async def test_the_estimate_and_the_refusal_tell_of_the_same_time(groq):
    async with chatting(size=(80, 24)) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: is_over(screen))
        # Far more than the limit: a server that does not enforce it has let it pass.
        screen.connection.quota.reserve(screen.workspace.figures.model_id, 4_000, 20_000)
        screen.composer.text = "And then?"
        await until(pilot, lambda: "fits TPM in" in seen(screen))
        estimated = seconds("fits TPM in", seen(screen))
        assert estimated > 60
        await pilot.press("enter")
        await until(pilot, lambda: "It fits in" in seen(screen))
        assert abs(seconds("It fits in", seen(screen)) - estimated) <= 2


@pytest.mark.parametrize("columns", [20, 40, 60, 120])
async def test_lines_of_figures_are_cut_between_figures_only(groq, columns):
    async with chatting(size=(columns, 24)) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: is_over(screen))
        await until(pilot, lambda: "≈" in seen(screen.screen))
        row = screen.composer.query_one("#estimate").region
        line = seen(screen).splitlines()[row.y].strip()
        assert row.height == 1
        assert re.fullmatch(r"≈ [\d,]+ tokens( · (TPM|TPD) [\d,]+)*( · window <1%)?", line)


@pytest.mark.parametrize("size", [*NARROW, (120, 40)])
async def test_completions_stand_in_columns_and_leave_the_composer(groq, size):
    async with chatting(size=size) as (pilot, screen):
        await pilot.press("/", "c")
        await until(pilot, lambda: "/copy" in seen(screen))
        lines = seen(screen).splitlines()
        rows = {row.split()[0]: row for row in lines if row.lstrip().startswith("/co")}
        helps = {"/continue": "Continue an", "/compact": "Leave out", "/copy": "As Markdown"}
        assert len({rows[slash].index(words) for slash, words in helps.items()}) == 1
        await pilot.press("backspace")
        await until(pilot, lambda: "/retry" in seen(screen))
        slashes = [command.slash for command in COMMANDS if command.slash]
        await pilot.press(*["down"] * slashes.index("leaderboard"))
        await until(pilot, lambda: "/leaderboard" in seen(screen))
        assert screen.composer.area.region.bottom < size[1]


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
@pytest.mark.parametrize(("command", "last"), [("help", "groqchat doctor"), ("plan", "as a batch")])
async def test_help_and_planner_scroll_to_their_ends_and_close(groq, size, command, last):
    async with chatting(size=size) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        screen.chat.dispatch.run(command)
        await until(pilot, lambda: pilot.app.screen is not screen)
        await until(pilot, lambda: "Esc close" in seen(pilot.app.screen))
        await pilot.pause()
        await pilot.press("end")
        await until(pilot, lambda: last in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_an_unknown_theme_names_ours_and_where_the_rest_is(groq):
    async with chatting(size=(80, 24)) as (pilot, screen):
        screen.chat.dispatch.run("theme", "nonsense")
        await until(pilot, lambda: "There is no theme nonsense" in seen(screen))
        assert "groq-light" in seen(screen)
        assert "dracula" not in seen(screen)
        assert "/theme opens" in seen(screen)


async def test_a_file_that_cannot_be_read_is_named_and_nothing_else_is_blamed(groq, tmp_path):
    async with chatting(size=(80, 24)) as (pilot, screen):
        screen.chat.dispatch.run("attach", str(tmp_path / "nothing.txt"))
        await until(pilot, lambda: "Nothing is attached" in seen(screen))
        assert not len(screen.chat.reporter.log)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_the_welcome_names_all_of_its_keys(groq, groqchat_home, size):
    groqchat_home.mkdir()
    (groqchat_home / "last-run").write_text("tour seen\n")
    async with chatting(size=size) as (pilot, screen):
        await until(pilot, lambda: "F1 help" in seen(screen))
        for words in ("groqchat", "beside it.", "Enter send", "/ commands", "Ctrl+L model"):
            assert words in seen(screen)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_what_is_looked_for_is_seen_beside_its_count_and_keys(groq, size):
    async with chatting(size=size) as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await pilot.press("ctrl+f", *"wordsought")
        await until(pilot, lambda: "0 found · ↓ ↑ go" in seen(screen))
        assert "Find wordsought" in seen(screen)


async def test_the_line_below_the_composer_tells_of_exactly_what_would_be_sent(groq, monkeypatch):
    sent, stream = [], GroqProvider.stream

    def overheard(provider, request):
        sent.append(request)
        return stream(provider, request)

    monkeypatch.setattr(GroqProvider, "stream", overheard)
    async with chatting(size=(80, 24)) as (pilot, screen):

        def shown():
            line = re.search(r"≈ ([\d,]+) tokens", seen(screen))
            return int(line[1].replace(",", "")) if line else 0

        async def send():
            before = len(sent)
            told = shown()
            await pilot.press("enter")
            await until(pilot, lambda: len(sent) > before and is_over(screen))
            assert sent[-1].prompt_tokens == told
            return told

        screen.composer.text = "What is a monad?"
        await until(pilot, shown)
        bare = shown()
        screen.chat.dispatch.run("system", "Answer in one short sentence. " * 20)
        await until(pilot, lambda: shown() > bare + 80)
        first = await send()
        screen.composer.text = "Tell it again at length, please. " * 60
        await until(pilot, lambda: shown() > first + 400)
        await send()
        screen.composer.text = "And then?"
        await until(pilot, lambda: shown() > first + 400)
        whole = shown()
        quota = screen.workspace.figures.view  # no turn of this session takes less than its history
        assert quota.tokens_per_turn >= sent[-1].prompt_tokens
        assert quota.turns_left <= 8_000 / quota.tokens_per_turn
        await screen.chat.turns.edit(screen.conversation.transcript.entries[0].id)
        await until(pilot, lambda: 0 < shown() < whole - 400)  # nothing of what came after it
        assert screen.composer.text == "What is a monad?"
        await send()
        assert len(sent[-1].messages) == 2  # the system prompt and the prompt


async def test_a_resize_is_laid_out_once_and_finds_rules_for_the_sides_alone(groq, monkeypatch):
    async with chatting(size=(150, 30)) as (pilot, screen):
        laid_out, styled = [], []
        resized, update = screen._screen_resized, screen.app.stylesheet.update_nodes

        def noted(nodes, animate=False):
            nodes = list(nodes)
            styled.extend(node.id for node in nodes if node is not screen)
            update(nodes, animate=animate)

        monkeypatch.setattr(screen.app.stylesheet, "update_nodes", noted)
        monkeypatch.setattr(
            screen, "_screen_resized", lambda size: laid_out.append(size) or resized(size)
        )
        for columns, shown in ((100, False), (150, True), (149, True)):
            await pilot.resize_terminal(columns, 30)
            await until(pilot, lambda columns=columns: screen.size.width == columns)
            await until(pilot, lambda shown=shown: screen.chat.panel.display is shown)
            await pilot.pause()
        assert [size.width for size in laid_out] == [100, 150, 149]
        assert set(styled) == {"sessions", "panel", "toasts", "status"}
        assert len(styled) == 8


async def test_keys_come_between_the_layout_of_a_resize_and_its_painting(groq, monkeypatch):
    async with chatting(size=(120, 30)) as (pilot, screen):
        await pilot.pause()
        loop, steps = asyncio.get_running_loop(), []
        resized, paint = screen._screen_resized, Screen._compositor_refresh

        def noted(size):
            resized(size)
            steps.append("layout")
            loop.call_soon(steps.append, "key")

        def painted(screen):
            steps.append("paint")
            paint(screen)

        monkeypatch.setattr(screen, "_screen_resized", noted)
        monkeypatch.setattr(Screen, "_compositor_refresh", painted)
        await pilot.resize_terminal(100, 40)
        await until(pilot, lambda: len(steps) > 2)
        assert steps[:3] == ["layout", "key", "paint"]
