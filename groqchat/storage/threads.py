"""Passes results from threads to event loops."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")


def complete_future(future: asyncio.Future[T], work: Callable[[], T]) -> None:
    """Run work on this thread and set its result on a future of another thread's loop."""
    loop = future.get_loop()
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it is raised again where it is awaited
        call_on_loop(loop, _settle, future, future.set_exception, error)
    else:
        call_on_loop(loop, _settle, future, future.set_result, result)


def complete_futures(futures: Sequence[asyncio.Future[Any]], results: Sequence[object]) -> None:
    """Set results on futures of another thread's loops, which are woken once each."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], object]]] = {}
    for future, result in zip(futures, results, strict=True):
        by_loop.setdefault(future.get_loop(), []).append((future, result))
    for loop, pairs in by_loop.items():
        call_on_loop(loop, _settle_all, pairs)


def _settle_all(pairs: Iterable[tuple[asyncio.Future[Any], object]]) -> None:
    for future, result in pairs:
        _settle(future, future.set_result, result)


def call_on_loop(
    loop: asyncio.AbstractEventLoop, function: Callable[..., object], *args: object
) -> None:
    """Call a function on an event loop of another thread; does nothing if the loop is closed."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *args)


def _settle(future: asyncio.Future[Any], settle: Callable[[Any], None], outcome: object) -> None:
    if not future.done():
        settle(outcome)
