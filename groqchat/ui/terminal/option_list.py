"""A list of options that takes page keys at any time, and keeps the highlighted one in sight."""

from textual.widgets import OptionList

_PAGING = frozenset({"page_up", "page_down"})


class PagedOptionList(OptionList):
    """An OptionList that ignores page keys until it has been laid out.

    Textual 8.2.8 raises KeyError for them in a list without a size, as it has right after it was
    shown, or on a small screen (``findings/option_list_paging.sh``).
    """

    def on_resize(self) -> None:
        """Keep the highlighted row in sight."""
        if self.scrollable_content_region:
            self.scroll_to_highlight()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action may run now."""
        if action in _PAGING and not self.scrollable_content_region:
            return False
        return super().check_action(action, parameters)
