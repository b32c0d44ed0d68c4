"""One job runs at a time, and whatever ends it, its end is shown."""

import asyncio

from groqchat.domain.errors.table import failure
from groqchat.ui.compare.column import Phase
from groqchat.ui.compare.job_runner import READ_S, JobRunner
from tests.ui.compare.desk import A, B, CompareDesk


class Job:
    """Work that lasts until it is let go."""

    busy, is_turn = "Busy.", False

    def __init__(self, error=None):
        self.error = error
        self.may_end = asyncio.Event()
        self.ticks = 0

    async def run(self):
        await self.may_end.wait()
        if self.error is not None:
            raise self.error

    def tick(self):
        self.ticks += 1


class Worker:
    """Runs work as Textual's workers do."""

    def __init__(self, work):
        self.task = asyncio.create_task(work)
        self.cancel = self.task.cancel

    async def wait(self):
        await asyncio.wait([self.task])


def running(desk):
    ended = []
    runner = JobRunner(desk.state, Worker, desk.board.show, lambda: ended.append(desk.state.job))
    return runner, ended


async def test_the_state_knows_the_job_until_it_has_ended():
    desk = CompareDesk(A, B)
    runner, ended = running(desk)
    job = Job()
    runner.start(job)
    assert desk.state.is_busy
    assert not desk.state.is_turn
    job.may_end.set()
    await runner._worker.wait()
    assert not desk.state.is_busy
    assert ended == [None]


async def test_an_error_of_a_job_is_said():
    desk = CompareDesk(A, B)
    runner, ended = running(desk)
    job = Job(failure("disk", detail="full"))
    job.may_end.set()
    runner.start(job)
    await runner._worker.wait()
    assert "full" in desk.said[-1]
    assert ended == [None]


async def test_a_job_that_is_stopped_leaves_its_columns_stopped():
    desk = CompareDesk(A, B)
    runner, _ = running(desk)
    for column in desk.columns:
        column.begin(is_again=False)
    desk.answer(1)
    runner.start(Job())
    await runner.stop()
    assert not desk.state.is_busy
    assert [column.view.phase for column in desk.columns] == [Phase.STOPPED, Phase.ANSWERED]


async def test_the_answer_to_a_refused_command_can_be_read_before_the_job_speaks_again():
    desk = CompareDesk(A, B)
    runner, _ = running(desk)
    job = Job()
    runner.start(job)
    desk.state.refuse("There is no answer.")
    assert desk.said[-1] == "Busy."
    runner.tick()
    assert job.ticks == 0
    desk.services.clock.advance(READ_S + 0.1)
    runner.tick()
    assert job.ticks == 1
    await runner.stop()


async def test_without_a_job_a_command_is_refused_for_its_own_reason():
    desk = CompareDesk(A, B)
    desk.state.refuse("There is no answer.")
    assert desk.said == ["There is no answer."]
