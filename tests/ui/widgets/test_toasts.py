from __future__ import annotations

import pytest
from textual.containers import Container
from textual.events import Key
from textual.widgets import Static, TextArea

from groqchat.domain.errors.table import CAUSES, Action, failure
from groqchat.domain.limits.quota import LimitKind
from groqchat.ui.widgets.error_log import KEPT_ERRORS, ErrorLog
from groqchat.ui.widgets.toast_cards import ErrorCard, Notice, WaitCard
from groqchat.ui.widgets.toasts import MOST_CARDS, Toasts
from tests.ui.stage import HOSTILE, Stage, is_clean, seen, until


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("groqchat.ui.widgets.cards.TICK_S", 0.02)


class ToastStage(Stage):
    CSS = Stage.CSS + "#stage { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.time = 1_000.0
        self.said = []
        self.ways = []

    def compose(self):
        with Container(id="stage"):
            yield Static("what was said before")
            yield Toasts(lambda: self.time, self.ways.append)
        yield TextArea()

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()

    @property
    def toasts(self) -> Toasts:
        return self.query_one(Toasts)

    def on_toasts_chosen(self, event) -> None:
        self.said.append(("chosen", event.action, event.error))

    def on_toasts_dismissed(self, event) -> None:
        self.said.append(("dismissed", event.error))

    def on_toasts_typed(self, event) -> None:
        self.said.append(("typed", event.character))

    def on_toasts_send_now(self) -> None:
        self.said.append("now")

    def on_toasts_wait_cancelled(self) -> None:
        self.said.append("cancelled")


def limited(**facts):
    known = {
        "status": 429,
        "model": "openai/gpt-oss-120b",
        "limit_kind": LimitKind.TPM,
        "limit": 8000,
        "used": 7600,
        "requested": 900,
        "retry_after_s": 7.66,
    }
    return failure("rate_limited", **(known | facts))


def show(app: ToastStage, error, **options) -> None:
    app.toasts.show_error(error, error.cause.actions, **options)


async def test_an_error_says_what_happened_and_what_to_do_about_it():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, limited())
        await until(pilot, lambda: "429" in seen(app.screen))
        text = seen(app.screen)
        for words in (
            "429 · Rate limit reached",
            "limit 8,000, used 7,600, requested 900",
            "Send again in 8s",
            "r retry",
            "w wait and send",
            "m switch model",
            "d details",
            "F8 choose",
        ):
            assert words in text


async def test_what_stays_is_given_way_to_and_what_goes_by_itself_is_not():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.toasts.notice("Copied.")
        await pilot.pause()
        await pilot.pause()
        assert not any(app.ways)
        show(app, limited())
        await until(pilot, lambda: any(app.ways))
        (card,) = app.query(ErrorCard)
        assert app.ways[-1] == card.size.height + card.gutter.height + 1
        app.toasts.clear_errors()
        await until(pilot, lambda: app.ways[-1] == 0)


async def test_the_bucket_is_named_where_the_sentence_does_not():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(
            app, failure("context_exceeded", limit_kind=LimitKind.OTPM, limit=1000, requested=4000)
        )
        await until(
            pilot, lambda: "Output tokens per minute (OTPM): limit 1,000" in seen(app.screen)
        )


async def test_the_countdown_runs_and_says_when_it_is_over():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, limited())
        await until(pilot, lambda: "again in 8s" in seen(app.screen))
        app.time += 4
        await until(pilot, lambda: "again in 4s" in seen(app.screen))
        app.time += 60
        app.query_one(ErrorCard).body()  # as a layout asks for it at any time
        await until(pilot, lambda: "It should fit now" in seen(app.screen))


async def test_letters_act_while_an_error_has_the_focus():
    app = ToastStage()
    error = limited()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, error, focus=True)
        await until(pilot, lambda: "Esc dismiss" in seen(app.screen))
        await pilot.press("d")
        await until(pilot, lambda: app.said)
        assert app.query(ErrorCard), "details leave the toast where it is"
        await pilot.press("m")
        await until(pilot, lambda: not app.query(ErrorCard))
    assert app.said == [("chosen", Action.DETAILS, error), ("chosen", Action.SWITCH_MODEL, error)]


async def test_a_letter_with_others_behind_it_is_no_choice():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, limited(), focus=True)
        await until(pilot, lambda: isinstance(app.focused, ErrorCard))
        for letter in "remember":
            app.focused.post_message(Key(letter, letter))
        await until(pilot, lambda: len(app.said) == 7)
        assert "".join(text for _, text in app.said) == "remember"
        assert app.query(ErrorCard)


async def test_other_letters_are_handed_back():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, limited(), focus=True)
        await until(pilot, lambda: isinstance(app.focused, ErrorCard))
        await pilot.press("x", "space", "R")
        assert app.said == [("typed", "x"), ("typed", " "), ("typed", "R")]
        assert app.query(ErrorCard)


async def test_escape_dismisses():
    app = ToastStage()
    error = limited()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, error, focus=True)
        await until(pilot, lambda: isinstance(app.focused, ErrorCard))
        await pilot.press("escape")
        await until(pilot, lambda: not app.query(ErrorCard))
    assert app.said == [("dismissed", error)]


async def test_an_error_does_not_take_the_focus_unless_told_to():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, limited())
        await until(pilot, lambda: "429" in seen(app.screen))
        await pilot.press("r")
        assert app.query_one(TextArea).text == "r"
        assert app.toasts.focus_newest()
        await until(pilot, lambda: "Esc dismiss" in seen(app.screen))
        app.toasts.clear_errors()
        assert not app.toasts.focus_newest()


async def test_a_click_on_a_remedy_chooses_it():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, limited())
        await until(pilot, lambda: "m switch model" in seen(app.screen))
        lines = seen(app.screen).splitlines()
        y = next(y for y, text in enumerate(lines) if "m switch model" in text)
        await pilot.click(offset=(lines[y].index("switch model"), y))
        await until(pilot, lambda: app.said)
        assert app.said[0][1] is Action.SWITCH_MODEL


async def test_equal_errors_are_counted_not_piled_up():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        show(app, limited())
        show(app, limited(retry_after_s=3.0))
        await until(pilot, lambda: "Rate limit reached ×2" in seen(app.screen))
        assert len(app.query(ErrorCard)) == 1
        assert "again in 3s" in seen(app.screen)
        show(app, limited(model="qwen/qwen3-32b"))
        await until(pilot, lambda: len(app.query(ErrorCard)) == 2)


async def test_no_more_than_three_and_the_oldest_notice_goes_first():
    app = ToastStage()
    async with app.run_test(size=(80, 40)) as pilot:
        app.toasts.notice("copied")
        for cause in ("timed_out", "tls_failed", "key_rejected"):
            show(app, failure(cause))
        await until(pilot, lambda: len(app.toasts.children) == MOST_CARDS)
        assert not app.query(Notice)
        show(app, failure("over_capacity"))
        await until(pilot, lambda: "over capacity" in seen(app.screen))
        assert "No answer in time" not in seen(app.screen)
        app.toasts.clear_errors()
        await until(pilot, lambda: not app.toasts.children)


async def test_the_model_to_switch_to_is_named():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        gone = failure("model_decommissioned", status=400, model="old", replacement="new-1")
        show(app, gone)
        await until(pilot, lambda: "m switch model to new-1" in seen(app.screen))


async def test_a_wait_counts_down_and_can_be_cut_short():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.toasts.show_wait(limited(), app.time + 5, lambda: app.time, focus=True)
        await until(pilot, lambda: "Next try in 5s" in seen(app.screen))
        assert "r now  m switch model  d details  Esc cancel" in seen(app.screen)
        app.time += 2
        await until(pilot, lambda: "Next try in 3s" in seen(app.screen))
        await pilot.press("d")
        await until(pilot, lambda: app.said)
        assert app.said.pop()[1] is Action.DETAILS
        await pilot.press("m")
        await until(pilot, lambda: app.said)
        assert app.said.pop()[1] is Action.SWITCH_MODEL
        assert app.query(WaitCard), "the wait goes on"
        await pilot.press("r")
        await until(pilot, lambda: not app.query(WaitCard))
        app.toasts.show_wait(limited(), app.time + 5, lambda: app.time, focus=True)
        await until(pilot, lambda: isinstance(app.focused, WaitCard))
        await pilot.press("escape")
        await until(pilot, lambda: not app.query(WaitCard))
    assert app.said == ["now", "cancelled"]


async def test_a_new_wait_replaces_the_old_one_and_ends_when_told():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        for seconds in (5, 9):
            app.toasts.show_wait(limited(), app.time + seconds, lambda: app.time)
        await until(pilot, lambda: "Next try in 9s" in seen(app.screen))
        await until(pilot, lambda: len(app.query(WaitCard)) == 1)
        app.toasts.end_wait()
        await until(pilot, lambda: not app.query(WaitCard))


async def test_a_notice_has_a_sign_for_what_its_colour_says():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.toasts.notice("copied")
        app.toasts.notice("no theme so", severity="warning")
        app.toasts.notice("not saved", severity="error")
        await until(pilot, lambda: len(app.query(Notice)) == 3)
        await until(pilot, lambda: "✗ not saved" in seen(app.screen))
        assert "! no theme so" in seen(app.screen)
        assert next(notice.body().plain for notice in app.query(Notice)) == "copied"
        app.toasts.withdraw("no theme so")
        await until(pilot, lambda: len(app.query(Notice)) == 2)


async def test_notices_go_by_themselves(monkeypatch):
    monkeypatch.setattr("groqchat.ui.widgets.toast_cards.NOTICE_S", 0.05)
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.toasts.notice("copied", severity="warning")
        app.toasts.notice("copied")
        await until(pilot, lambda: len(app.query(Notice)) == 1)
        await until(pilot, lambda: not app.query(Notice))
        assert app.query_one(TextArea).has_focus


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (20, 5), (3, 2)])
async def test_keys_are_never_cut_and_the_composer_is_never_covered(size):
    app = ToastStage()
    async with app.run_test(size=size) as pilot:
        app.toasts.notice("copied")
        show(app, failure("model_decommissioned", model="old", replacement="new"))
        show(app, limited(), focus=True)
        await pilot.pause()
        text = seen(app.screen)
        stage = app.query_one("#stage").region
        for card in app.query(ErrorCard):
            assert not card.region or stage.contains_region(card.region)
        if size >= (40, 12):
            for keys in ("429", "r retry", "m switch model", "d details", "Esc dismiss"):
                assert keys in text


async def test_where_room_is_short_the_keys_say_less_and_the_sentence_more():
    app = ToastStage()
    async with app.run_test(size=(40, 12)) as pilot:
        error = limited(replacement="openai/gpt-oss-20b", room="8,000 TPM left", limit=8_000)
        show(app, error, focus=True)
        app.query_one(TextArea).display = False
        await until(pilot, lambda: "is at its limit" in seen(app.screen))
        assert "TPM left" not in seen(app.screen)
        assert "is at its limit" in seen(app.screen)


async def test_a_notice_on_few_rows_keeps_its_last_sentence():
    app = ToastStage()
    async with app.run_test(size=(40, 12)) as pilot:
        app.toasts.notice("Many words about what happened, again and again. " * 8 + "Press F9 now.")
        await until(pilot, lambda: "Press F9 now." in seen(app.screen))
        assert "…" in seen(app.screen)


async def test_a_notice_of_one_long_sentence_on_few_rows_keeps_both_its_ends():
    app = ToastStage()
    async with app.run_test(size=(40, 12)) as pilot:
        app.toasts.notice("It began, " + "and went on and on, " * 25 + "and now press F9.")
        await until(pilot, lambda: "press F9." in seen(app.screen))
        assert "It began" in seen(app.screen)
        assert "…" in seen(app.screen)


async def test_a_longer_notice_stays_longer(monkeypatch):
    monkeypatch.setattr("groqchat.ui.widgets.toast_cards.NOTICE_S", 0.2)
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.toasts.notice("so many words " * 40)
        app.toasts.notice("done")
        await until(pilot, lambda: len(app.query(Notice)) == 2)
        await until(pilot, lambda: len(app.query(Notice)) == 1)
        await until(pilot, lambda: "so many words" in seen(app.screen))


async def test_what_was_merely_said_goes_and_warnings_stay():
    app = ToastStage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.toasts.notice("copied")
        app.toasts.notice("half is spent", severity="warning")
        await until(pilot, lambda: "copied" in seen(app.screen))
        app.toasts.clear_notices()
        await until(pilot, lambda: "copied" not in seen(app.screen))
        assert "half is spent" in seen(app.screen)


async def test_notices_leave_half_of_the_conversation_to_be_read():
    app = ToastStage()
    async with app.run_test(size=(40, 15)) as pilot:
        for number in range(3):
            app.toasts.notice(f"Notice {number} " + "with a great many words " * 3)
        await until(pilot, lambda: "Notice 2" in seen(app.screen))
        stage = app.query_one("#stage").region
        covered = sum(card.region.height for card in app.query(Notice) if card.region)
        assert 0 < covered <= stage.height / 2 + 1


async def test_foreign_text_stays_text():
    app = ToastStage()
    async with app.run_test(size=(60, 20)) as pilot:
        foreign = HOSTILE + "x" * 100_000
        app.toasts.notice(foreign)
        show(
            app,
            failure(
                "parameter_refused",
                model=foreign,
                parameter=foreign,
                detail=foreign,
                replacement=foreign,
            ),
            focus=True,
        )
        await until(pilot, lambda: "[/x] [@click=app.quit]go[/]" in seen(app.screen))
        assert is_clean(seen(app.screen))


@pytest.mark.parametrize("name", CAUSES)
async def test_every_row_of_the_table_can_be_shown(name):
    error = failure(name, status=400)
    card = ErrorCard(error, error.cause.actions, None, lambda: 0.0)
    texts = [str(line) for line in (card.head(), *card.body().wrap(60))]
    assert texts[0].startswith("400 · ")
    assert all("{" not in text for text in texts)


def test_the_log_keeps_the_last_errors_the_newest_first():
    log = ErrorLog()
    for second in range(KEPT_ERRORS + 5):
        log.add(float(second), failure("timed_out"))
    assert len(log) == KEPT_ERRORS
    assert [record.time for record in log][:2] == [204.0, 203.0]


async def test_on_few_rows_a_toast_keeps_what_happened_and_what_to_do():
    limit = failure(
        "rate_limited", status=429, model="openai/gpt-oss-120b", limit_kind=LimitKind.TPD,
        limit=200_000, used=199_680, requested=857, retry_after_s=231.98,
    )  # fmt: skip
    unread = failure("config_unread", detail="config.toml, line 3: budget.monthly_usd is no sum.")
    async with Stage().run_test() as pilot:
        for error, wanted in (
            (limit, ("TPD", "200,000", "857", "Send again in 3m 52s", "model with room.")),
            (unread, ("line 3", "Correct it: /settings file opens it.")),
        ):
            card = ErrorCard(error, error.cause.actions, None, lambda: 0.0)
            await pilot.app.mount(card)
            text = " ".join(line.plain.strip() for line in card.lines(37, 7))
            assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize(("rows", "wanted"), [(2, "Send again in 59s."), (3, "model with room.")])
async def test_advice_that_has_no_room_loses_whole_clauses_and_no_words(rows, wanted):
    limit = failure(
        "rate_limited",
        status=429,
        limit_kind=LimitKind.TPM,
        limit=8_000,
        used=7_999,
        requested=90,
        retry_after_s=59,
    )
    async with Stage().run_test() as pilot:
        card = ErrorCard(limit, (), None, lambda: 0.0)
        await pilot.app.mount(card)
        text = " ".join(line.plain.strip() for line in card.cut_body(35, rows))
        assert text.endswith(wanted)


async def test_only_the_newest_notice_is_told_elsewhere_where_it_finds_no_room():
    told = []

    class Small(Stage):
        def compose(self):
            yield Toasts(tell=told.append)

    app = Small()
    async with app.run_test(size=(40, 6)) as pilot:
        toasts = app.query_one(Toasts)
        for words in ("The first of them " * 8, "The second"):
            toasts.notice(words)
            await pilot.pause()
            await pilot.pause()
        assert "The second" in seen(app.screen)
        assert told[-1] == ""
        toasts.show_error(failure("disk", detail="full"), [], focus=False)
        await until(pilot, lambda: told[-1] == "The second")
