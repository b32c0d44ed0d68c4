"""No remedy leads back into the error that it is offered for: a stubborn server sees to that."""

import json
from pathlib import Path

import pytest

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.errors.table import Action, Retry
from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.shortening import SHORT_ANSWER_TOKENS
from groqchat.services.account.keys import FoundKey
from groqchat.simulator import chat
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.exchange import RefusedError, json_reply
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from groqchat.ui.keys.connecting import connect
from groqchat.ui.keys.entry import KeyScreen
from groqchat.ui.models.picker import ModelPicker
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.ui.chat.test_chat_screen import MODEL, ask, chatting
from tests.ui.stage import seen, until

RECORDED = json.loads(
    (Path(__file__).parents[2] / "domain" / "errors" / "refusals.json").read_text("utf-8")
)


def body(message, code=None, **more):
    return {"error": {"message": message, "type": "invalid_request_error", "code": code, **more}}


MORE = (
    (400, body("Please reduce the length of the messages or completion.")),
    (400, body("'temperature' : number must be between 0 and 2", param="temperature")),
    (400, body("`service_tier` must be one of `auto`", param="service_tier")),
    (400, body("`response_format` must be one of `text`", param="response_format")),
    (402, body("no credit")),
    (403, {"error": {"message": "Forbidden", "type": "permissions_error"}}),
    (404, body("The model does not exist", "model_not_found")),
    (404, body("Unknown request URL: POST /x", "unknown_url")),
    (413, body("too much")),
    (422, body("semantic failure")),
    (424, body("a tool failed")),
    (431, body("too long")),
    (495, body("no certificate")),
    (497, body("plain HTTP")),
    (501, body("never")),
)
# One refusal of each cause that no waiting changes, by what its answer is about.
REFUSALS = {
    (error.cause.name, error.facts.parameter): (status, told)
    for status, told in (*((one["status"], one["body"]) for one in RECORDED), *MORE)
    for error in [diagnose(status, told, {}, model=MODEL)]
    if error.cause.retry is Retry.NEVER and isinstance(told, dict)
}
# What may pass when it is sent again: something was done elsewhere, or chance has its part.
MAY_PASS = frozenset(
    {"payment_required", "terms_required", "spend_blocked", "network_refused", "unprocessable"}
    | {"generation_failed", "failed_dependency"}
)
SIZES = frozenset({"too_large", "output_too_large", "context_exceeded", "body_too_large"})


class Stubborn:
    """Refuses what it has refused; where a size is the matter, all but short answers."""

    def __init__(self, monkeypatch):
        self._read = chat.read_chat
        self.refusal = None
        self.refused, self.taken = [], []
        monkeypatch.setattr(chat, "read_chat", self._take)

    def expect(self, cause, status, told):
        self.refusal, self.refused = (cause, json_reply(told, status)), []

    def is_refused(self, asked):
        cause, _ = self.refusal
        if cause in SIZES:
            longest = asked.get("max_completion_tokens") or 10**9
            return asked["model"] == MODEL and longest > SHORT_ANSWER_TOKENS
        return not self.refused or self._key(asked) in self.refused

    @staticmethod
    def _key(asked):
        return {name: name if name == "max_completion_tokens" else asked[name] for name in asked}

    def _take(self, asked, world):
        if self.refusal and self.is_refused(asked):
            self.refused.append(self._key(asked))
            raise RefusedError(self.refusal[1])
        self.taken.append(asked)
        return self._read(asked, world)


@pytest.fixture
def stubborn(monkeypatch):
    options = Options(Plan.ENTERPRISE, rate=None, blocked_model="")
    with BackgroundSimulator(load_catalog(), options) as server:
        monkeypatch.setenv("GROQ_BASE_URL", server.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_key_of_nobody")
        yield Stubborn(monkeypatch)


async def refused(pilot, screen, **options):
    """A prompt in a new session that is refused; the card of the error.

    The account is new each time, so that nothing is known of its limits.
    """
    new_id = screen.workspace.services.new_id
    key = FoundKey(Secret(f"gsk_{new_id()}"), new_id(), "env")
    connect(screen.workspace, key, screen.chat.replacement.replace_gone)
    screen.toasts.clear_errors()
    await screen.conversation.start_new()
    await screen.workspace.set_options(
        model=MODEL, effort="low", service_tier="flex", temperature=0.5
    )
    await screen.workspace.set_options(**{"max_tokens": 2_000, **options})
    await ask(pilot, screen, "Explain rate limits", answered=False)
    await until(pilot, lambda: screen.query(ErrorCard) or pilot.app.screen is not screen)
    if isinstance(pilot.app.screen, KeyScreen):
        await pilot.press("escape")
    await until(pilot, lambda: screen.query(ErrorCard))
    return screen.query(ErrorCard).last()


async def leads_on(pilot, screen, stubborn, action):
    """Whether a remedy brings an answer, or has the user choose something else."""
    before = len(stubborn.refused)
    screen.run_work(
        screen.chat.remedies.carry_out(action, screen.query(ErrorCard).last().error),
        group="command",
    )
    await until(
        pilot,
        lambda: (
            isinstance(pilot.app.screen, KeyScreen | ModelPicker)
            or (screen.workspace.figures.last_turn and not screen.conversation.is_busy)
            or len(stubborn.refused) > before
        ),
    )
    if pilot.app.screen is not screen:
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
    return len(stubborn.refused) == before


async def test_every_remedy_leads_out_of_its_error(stubborn):
    tried = set()
    async with chatting() as (pilot, screen):
        for (cause, parameter), refusal in REFUSALS.items():
            stubborn.expect(cause, *refusal)
            card = await refused(pilot, screen)
            actions, others = set(card.actions), {Action.DETAILS, Action.RETRY}
            assert card.error.cause.name == cause
            assert Action.RETRY not in actions or cause in MAY_PASS, cause
            assert Action.WAIT not in actions, cause
            for number, action in enumerate(sorted(actions - others)):
                if number:
                    stubborn.expect(cause, *refusal)
                    await refused(pilot, screen)
                assert await leads_on(pilot, screen, stubborn, action), (cause, parameter, action)
                tried.add(action)
    assert tried == {
        Action.SWITCH_MODEL, Action.NEW_KEY, Action.SHORTEN, Action.DROP_PARAMETER
    }  # fmt: skip


async def test_what_cannot_be_shortened_or_left_out_is_not_offered_to_be(stubborn):
    async with chatting() as (pilot, screen):
        stubborn.expect("invalid_request", 413, body("too much"))
        card = await refused(pilot, screen, max_tokens=SHORT_ANSWER_TOKENS)
        assert Action.SHORTEN not in card.actions
        stubborn.expect("parameter_refused", 400, body("property 'metadata' is unsupported"))
        card = await refused(pilot, screen)
        assert Action.DROP_PARAMETER not in card.actions
        assert "nothing of this that can be left out" in card.error.suggestion


async def test_what_is_shortened_is_one_prompt_and_is_said(stubborn):
    told = body("Please reduce the length of the messages or completion.")
    async with chatting() as (pilot, screen):
        stubborn.expect("context_exceeded", 400, told)
        await refused(pilot, screen)
        before = screen.conversation.options
        assert await leads_on(pilot, screen, stubborn, Action.SHORTEN)
        assert "Shortened for this prompt alone" in seen(screen)
        assert screen.conversation.options == before
        asked = stubborn.taken[-1]
        assert asked["max_completion_tokens"] == SHORT_ANSWER_TOKENS
        # Whatever becomes of it, it stays short; what is asked next is as long as ever.
        screen.chat.dispatch.run("retry")
        await until(pilot, lambda: stubborn.taken[-1] is not asked)
        assert stubborn.taken[-1]["max_completion_tokens"] == SHORT_ANSWER_TOKENS
        await until(pilot, lambda: not screen.conversation.is_busy)
        stubborn.refusal = None
        screen.prompt.focus()
        await ask(pilot, screen, "Which one matters to me?")
        assert stubborn.taken[-1]["max_completion_tokens"] == 2_000


async def test_a_bound_that_is_set_holds_for_a_shortened_prompt_too(stubborn):
    told = body("Please reduce the length of the messages or completion.")
    async with chatting() as (pilot, screen):
        stubborn.expect("context_exceeded", 400, told)
        await refused(pilot, screen)
        assert await leads_on(pilot, screen, stubborn, Action.SHORTEN)
        await until(pilot, lambda: not screen.conversation.is_busy)
        screen.chat.dispatch.run("longest", "500")
        await until(pilot, lambda: screen.conversation.options.max_tokens == 500)
        asked = stubborn.taken[-1]
        screen.chat.dispatch.run("retry")
        await until(pilot, lambda: stubborn.taken[-1] is not asked)
        assert stubborn.taken[-1]["max_completion_tokens"] == 500


async def test_a_dropped_parameter_is_one_that_is_not_set_any_more(stubborn):
    told = body("`service_tier` must be one of `auto`", param="service_tier")
    async with chatting() as (pilot, screen):
        stubborn.expect("value_refused", 400, told)
        await refused(pilot, screen)
        assert await leads_on(pilot, screen, stubborn, Action.DROP_PARAMETER)
        assert "service_tier is not sent any more in this session" in seen(screen)
        options = screen.conversation.options
        assert (options.service_tier, options.dropped) == (None, {"service_tier"})
        assert (options.effort, options.max_tokens) == ("low", 2_000)
        screen.chat.dispatch.run("tier", "auto")
        await until(pilot, lambda: screen.conversation.options.service_tier == "auto")
        assert screen.conversation.options.dropped == frozenset()


async def test_an_effort_that_the_server_names_is_taken_though_our_list_lacks_it(stubborn):
    told = body("`reasoning_effort` must be one of `none` or `max`", param="reasoning_effort")
    async with chatting() as (pilot, screen):
        stubborn.expect("value_refused", 400, told)
        card = await refused(pilot, screen)
        assert "it takes none, max." in card.error.suggestion
        stubborn.refusal = None
        screen.chat.dispatch.run("effort", "max")
        await until(pilot, lambda: screen.conversation.options.effort == "max")
        screen.chat.dispatch.run("retry")
        await until(pilot, lambda: stubborn.taken)
        assert stubborn.taken[-1]["reasoning_effort"] == "max"
