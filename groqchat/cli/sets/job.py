"""The job of ``groqchat compare --file``: the prompts of the file, and the stored run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from groqchat.cli.asking.schema import schema_given
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import YELLOW, narrate
from groqchat.cli.parameters import parameters_given
from groqchat.cli.prompts import read_text
from groqchat.cli.sets.images import SetImages
from groqchat.cli.sets.value_rows import read_value_rows
from groqchat.domain.batch.documents import submission_document
from groqchat.domain.compare.rules import model_in
from groqchat.domain.models.catalog import Model
from groqchat.domain.prompt_sets.checks import Evidence
from groqchat.domain.prompt_sets.prompt_set import key_of, progress
from groqchat.domain.prompt_sets.report import searches, set_report
from groqchat.domain.prompt_sets.rubrics import by_key
from groqchat.domain.prompt_sets.runs import repeated, runs_of
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.stored_parameters import options_stored
from groqchat.services.checking.checker import decided
from groqchat.services.prompt_sets.batched import SetBatches
from groqchat.services.prompt_sets.prompt_files import form_of, read_prompts

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.images.image import Image
    from groqchat.domain.prompt_sets.prompt_set import Pair, SetFailure, SetPrompt, SetRecord
    from groqchat.domain.prompt_sets.report import SetReport
    from groqchat.domain.prompt_sets.rubrics import StoredVerdict
    from groqchat.domain.turns.chat import Message


_OF_OTHERS = frozenset({".yaml", ".yml"})


class _AskedWith(NamedTuple):
    """What the command line says of all prompts."""

    system: str
    max_tokens: int | None
    parameters: Mapping[str, object]
    runs: int


@dataclass(frozen=True, slots=True)
class Job:
    """The command line of a set, and the prompts, in all their runs, that were read from ``text``.

    ``images`` are those of the prompts. ``system``, ``max_tokens`` and ``parameters`` are part of
    the keys of the prompts.
    """

    args: argparse.Namespace
    path: Path
    text: str
    system: str
    max_tokens: int | None
    parameters: Mapping[str, object]
    runs: int
    prompts: Sequence[SetPrompt]
    images: Sequence[Image]

    @property
    def place(self) -> str:
        """The path of the file, by which its runs are stored."""
        return str(self.path)

    def as_asked(self, record: SetRecord) -> Job:
        """The job with the options of an earlier run; options on this command line win."""
        args = self.args
        system = record.system if args.system is None else args.system
        longest = args.max_tokens or record.max_tokens
        parameters = _parameters(args, options_stored(record.parameters))
        runs = args.runs or runs_of(record)
        return _job(args, self.path, self.text, _AskedWith(system, longest, parameters, runs))


def read_job(args: argparse.Namespace) -> Job:
    """Read the file that the command line names.

    Raises:
        MisuseError: The file cannot be read, or has a mistake; the message names its line.
    """
    path: Path = args.file
    if path.suffix.lower() in _OF_OTHERS:
        raise MisuseError(
            f"{path} is YAML: `groqchat sets import {path}` makes a set of promptfoo's"
        )
    text = read_text(path)
    parameters = _parameters(args, {})
    asked = _AskedWith(args.system or "", args.max_tokens, parameters, args.runs or 1)
    return _job(args, path.absolute().resolve(), text, asked)


def _parameters(args: argparse.Namespace, before: Mapping[str, object]) -> dict[str, object]:
    """The parameters of an earlier run with those on the command line, which models may refuse."""
    given = dict(before) | parameters_given(args, Model("any model")) | schema_given(args)
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value not in (None, ()) and value is not False
    }


def _job(args: argparse.Namespace, path: Path, text: str, asked: _AskedWith) -> Job:
    images = SetImages(path.parent)
    try:
        prompts = read_prompts(
            text,
            form=form_of(args.file.name, text),
            system=asked.system,
            max_tokens=asked.max_tokens,
            parameters=asked.parameters,
            mark_of=images.mark,
            rows_of=partial(read_value_rows, path.parent),
        )
    except ValueError as mistake:
        raise MisuseError(f"{args.file}: {mistake}") from None
    return Job(args, path, text, *asked, repeated(prompts, asked.runs), images.images)


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored answers, failures and verdicts of a run; without any, ``session_id`` is empty."""

    session_id: str
    messages: Sequence[Message] = ()
    failures: Sequence[SetFailure] = ()
    verdicts: Sequence[StoredVerdict] = ()

    @property
    def pairs(self) -> set[Pair]:
        """The keys and models that were asked, with or without an answer."""
        asked = {
            (key_of(self.session_id, message.parent_id), message.model)
            for message in self.messages
            if message.model
        }
        return asked | {failed.pair for failed in self.failures}

    def names(self, record: SetRecord, shown: Mapping[Pair, Pair]) -> list[str]:
        """The columns that were asked, variants by their names, in the order of the record."""
        names = {shown.get(pair, pair)[1] for pair in self.pairs}
        of_variants = {model_in(name) for name in record.models} - set(record.models)
        return record.in_order(names - of_variants)

    def is_about(self, job: Job, shown: Mapping[Pair, Pair]) -> bool:
        """True where a prompt that is in the file now was asked, with or without an answer."""
        asked = {shown.get(pair, pair)[0] for pair in self.pairs}
        return any(prompt.key in asked for prompt in job.prompts)

    async def report(
        self, job: Job, models: Sequence[str], shown: Mapping[Pair, Pair]
    ) -> SetReport:
        """The report on some columns; checks that could not be decided are narrated."""
        reached = progress(self.session_id, self.messages, self.failures, shown)
        report = set_report(
            job.path.name,
            self.session_id,
            prompts=job.prompts,
            models=models,
            progress=reached,
            messages=self.messages,
            evidence=Evidence(
                await decided(searches(job.prompts, models, reached)), by_key(self.verdicts)
            ),
            shown=shown,
        )
        if report.undecided:
            why = [f"{count(times)} ({note})" for note, times in report.undecided.items()]
            said = f"Checks not decided: {', '.join(why)}"
            narrate(f"{said}. They count as not passed.", YELLOW)
        return report


def set_batches(services: LocalServices) -> SetBatches:
    """The batches of sets on this machine."""
    return SetBatches(services.batch_records(), services.store, services.prompt_sets)


async def submitted(services: LocalServices, session_id: str) -> Sequence[dict[str, object]]:
    """The documents of the batches of a run, the oldest first."""
    return [
        submission_document(submission)
        for submission in await services.batch_records().of_session(session_id)
    ]


async def stored(services: LocalServices, session_id: str) -> Stored:
    """Read the answers, failures and verdicts of a session."""
    messages = await services.store.answers(session_id)
    failures = await services.prompt_sets.failures(session_id)
    return Stored(session_id, messages, failures, await services.prompt_sets.verdicts(session_id))
