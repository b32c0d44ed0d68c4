"""Signals of the terminal while something is written to it."""

import asyncio

from groqchat.ui.terminal.hang_up import outlasting


class Driver:
    """A driver whose handlers of signals note that they ran."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self.handled = []

    def _sigcont_application(self, *signal_and_frame):
        self.handled.append(("continued", *signal_and_frame))

    def _sigtstp_application(self, *signal_and_frame):
        self.handled.append(("stopped", *signal_and_frame))


async def test_a_signal_is_handled_behind_what_is_being_written():
    driver = outlasting(Driver)()
    driver._sigtstp_application(20, None)
    driver._sigcont_application(18, None)
    assert driver.handled == []
    await asyncio.sleep(0)
    assert driver.handled == [("stopped", 20, None), ("continued", 18, None)]
