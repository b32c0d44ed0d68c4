"""The driver of a chat in a browser, whose page may go and come back."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver


class BrowserDriver(WebDriver):
    """textual-serve's driver, which also paints for a page that was loaded again.

    Such a page is a new terminal: it is in no mode yet, and shows nothing.
    """

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Take a message of the server, on the thread that reads."""
        if packet_type == "attach":
            self._loop.call_soon_threadsafe(self._paint_anew)
            packet_type = "resize"
        super().on_meta(packet_type, payload)

    def _paint_anew(self) -> None:
        self.write("\x1b[?1049h\x1b[?25l")  # the alternate screen, no cursor
        self._enable_mouse_support()
        self._request_terminal_sync_mode_support()
        self._enable_bracketed_paste()
        self._app.refresh(layout=True)
