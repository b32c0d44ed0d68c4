"""Widgets that survive expected failures."""

import asyncio
import gc
import inspect

from textual.app import App

from groqchat.ui.widgets.reports_errors import ReportsErrors


async def test_work_that_is_cancelled_before_it_starts_is_closed(recwarn):
    app = App()
    async with app.run_test():
        widget = ReportsErrors()
        await app.mount(widget)
        begun = []

        async def save():
            begun.append(True)

        work = save()
        widget.run_work(work, group="draft").cancel()
        for _ in range(10):
            await asyncio.sleep(0)
        gc.collect()
        assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED
        assert not begun
        del work
        gc.collect()
    assert not [one for one in recwarn if "never awaited" in str(one.message)]
