"""Long answers, waits and queues are told when they end; short ones and stopped ones are not."""

from dataclasses import dataclass, field, replace

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.settings import Settings
from groqchat.domain.turns.chat import Options, Sending, Waiting
from groqchat.services.turns.running_turn import Phase, RunningTurn
from groqchat.ui.chat.turn_alerts import TurnAlerts
from tests.fakes import FakeClock, session

LONG_S = 10.0
TITLE = "Rivers"


@dataclass
class Around:
    """The services and the queues, as far as alerts look at them; the calls are kept."""

    clock: FakeClock = field(default_factory=FakeClock)
    settings: Settings = field(default_factory=Settings)
    is_incognito: bool = False
    queued: bool = False
    more: bool = False
    calls: list = field(default_factory=list)

    @property
    def sending(self):
        return self

    def has_begun(self, _):
        return self.queued

    def goes_on(self, _):
        return self.more

    def call(self, text, *, rings_unseen):
        self.calls.append((text, rings_unseen))


@pytest.fixture
def around():
    return Around()


@pytest.fixture
def alerts(around):
    return TurnAlerts(around, around, around.call)


async def turn_of(alerts, around, seconds, phase, events=()):
    """A turn that lasts so long; each event comes so many seconds after the one before it."""
    turn = RunningTurn(replace(session(), title=TITLE), Options("m"))
    alerts.started(turn)
    for after, event in events:
        await around.clock.sleep(after)
        alerts.heard(turn, event)
    await around.clock.sleep(seconds)
    turn.end(phase, None)
    await alerts.ended(turn)
    alerts.freed(turn)
    return [text.partition(":")[0] for text, _ in around.calls]


@pytest.mark.parametrize(
    ("seconds", "phase", "told"),
    [
        (LONG_S, Phase.ENDED, ["The answer is there"]),
        (LONG_S, Phase.FAILED, ["The answer failed"]),
        (LONG_S, Phase.STOPPED, []),
        (LONG_S - 0.5, Phase.ENDED, []),
        (LONG_S - 0.5, Phase.FAILED, []),
    ],
)
async def test_a_long_turn_is_told_unless_the_user_stopped_it(alerts, around, seconds, phase, told):
    assert await turn_of(alerts, around, seconds, phase) == told


@pytest.mark.parametrize(
    ("more", "phase", "told"),
    [
        (True, Phase.ENDED, []),
        (False, Phase.ENDED, ["The queue is answered"]),
        (True, Phase.FAILED, ["The queue is paused by an error"]),
    ],
)
async def test_of_a_queue_its_end_is_told_and_not_each_answer(alerts, around, more, phase, told):
    around.queued, around.more = True, more
    assert await turn_of(alerts, around, 1.0, phase) == told


@pytest.mark.parametrize(("seconds", "told"), [(LONG_S, ["The wait is over"]), (1.0, [])])
async def test_the_end_of_a_long_wait_is_told(alerts, around, seconds, told):
    waiting = Waiting(seconds, around.clock.monotonic() + seconds, 1, failure("config_unread"))
    events = [(0.0, Sending(1)), (0.0, waiting), (seconds, Sending(2))]
    assert await turn_of(alerts, around, 0.0, Phase.STOPPED, events) == told


async def test_the_settings_say_whether_and_from_when_on(alerts, around):
    around.settings = Settings(alert_after_s=1.0, alert_bell=True)
    await turn_of(alerts, around, 1.0, Phase.ENDED)
    assert around.calls == [(f"The answer is there: {TITLE}", True)]
    around.settings = Settings(alerts=False)
    await turn_of(alerts, around, LONG_S, Phase.ENDED)
    assert len(around.calls) == 1


async def test_an_incognito_chat_is_not_named(alerts, around):
    around.is_incognito = True
    await turn_of(alerts, around, LONG_S, Phase.ENDED)
    assert around.calls == [("The answer is there", False)]
