"""Prepares the run of a set: its columns, and the session in which it goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from groqchat.cli.asking.schema import check_form
from groqchat.cli.failures import MisuseError
from groqchat.cli.parameters import parameters_for_all
from groqchat.cli.prompts import warn_of_secrets
from groqchat.cli.sets.job import set_batches
from groqchat.cli.sets.shared import join, share
from groqchat.cli.variants import asked_variants, changes_of
from groqchat.domain.models.named_tools import own_servers
from groqchat.domain.prompt_sets.columns import column_of, columns_of, recorded
from groqchat.domain.prompt_sets.prompt_set import SetRecord
from groqchat.domain.prompt_sets.runs import recorded_runs, runs_of
from groqchat.domain.team.set_runs import goes_on, recorded_run
from groqchat.domain.text.redact import without_keys
from groqchat.domain.turns.chat import Options, Session
from groqchat.domain.turns.stored_parameters import options_stored
from groqchat.services.prompt_sets.prompt_sets import PromptSetRun
from groqchat.services.prompt_sets.set_services import SetServices
from groqchat.services.prompt_sets.shared_budget import SharedBudget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.sets.job import Job
    from groqchat.domain.compare.variants import Variant
    from groqchat.domain.prompt_sets.columns import SetColumn
    from groqchat.services.account.connection import Connection
    from groqchat.services.prompt_sets.batched import SetBatches
    from groqchat.services.prompt_sets.shared.sharing import Joined, SharedSet


class Prepared(NamedTuple):
    """A run with the answers that are stored already, and the run of its file before it.

    ``shared`` is this machine's part where several ask the set; None: this one asks all of it.
    """

    run: PromptSetRun
    previous: SetRecord | None
    shared: SharedSet | None


async def prepared(services: LocalServices, connection: Connection, job: Job) -> Prepared:
    """The run of a job.

    Raises:
        MisuseError: A model's name is not clear, or ``--budget`` needs a price that is not known.
    """
    job.args.variants = await asked_variants(connection, job.args.variants)
    models = [connection.models.model(variant.model) for variant in job.args.variants]
    parameters_for_all(job.args, models)
    _check_prices(connection, job)
    previous = await services.prompt_sets.last(job.place)
    batches = set_batches(services)
    if job.args.again and previous:
        await _refuse_under_way(batches, previous, job)
    run, shared = await _run(services, connection, job, None if job.args.again else previous)
    run.wait_for(await batches.transfer(run.session.id))
    if shared is not None:
        await shared.collect()
    await run.recall()
    return Prepared(run, previous, shared)


async def _refuse_under_way(batches: SetBatches, previous: SetRecord, job: Job) -> None:
    """Refuse to start over while a batch of the last run is under way, which is paid for.

    Raises:
        MisuseError: There is such a batch.
    """
    for running in await batches.under_way(previous.session_id):
        raise MisuseError(
            f"the batch {running.shown_id} of {job.args.file} is under way: without --again, the "
            f"command collects its answers; `groqchat batch cancel {running.shown_id}` ends it"
        )


def _check_prices(connection: Connection, job: Job) -> None:
    """Refuse a budget for models without a known price."""
    if job.args.budget is None:
        return
    for variant in job.args.variants:
        if connection.models.price_of(variant.model) is None:
            raise MisuseError(
                f"the price of {variant.model} is not known, so --budget cannot be kept"
            )


async def _run(
    services: LocalServices, connection: Connection, job: Job, last: SetRecord | None
) -> tuple[PromptSetRun, SharedSet | None]:
    """The run that continues the last one, or a new one where there is none."""
    args, now = job.args, services.clock.now()
    if job.images:
        await services.store.keep_images(job.images)
    tier = services.settings.service_tier or None
    asked = Options("", service_tier=tier, max_tokens=args.max_tokens)
    asked = replace(asked, **options_stored(job.parameters))  # type: ignore[arg-type]  # its own names
    options, columns = _columns(services, connection, job, asked)
    joined = await join(services, connection, job, columns) if args.team else None
    if joined is not None and last is not None and not goes_on(last, joined.run.id):
        last = None
    session = await services.store.session(last.session_id) if last else None
    if session is None:
        title = without_keys(f"Prompts of {job.path.name}")
        session = Session(services.new_id(), title, now, now, args.variants[0].model)
    set_services = SetServices(
        connection.turns.plain,
        connection.accounting,
        services.store,
        services.prompt_sets,
        connection.models.price_of,
        services.clock,
        connection.lane_of,
    )
    run = PromptSetRun(
        session,
        _record(job, session.id, columns, last, now=now, joined=joined),
        job.prompts,
        options,
        set_services,
        columns=columns,
        shared_budget=None
        if args.budget is None or joined is not None
        else SharedBudget(services.ledger, session.id, args.budget),
        before_asking=connection.budget.allow_once if args.over_budget else lambda: None,
    )
    return run, share(joined, run, set_services, args.budget) if joined else None


def _columns(
    services: LocalServices, connection: Connection, job: Job, asked: Options
) -> tuple[dict[str, Options], list[SetColumn]]:
    """How each column is asked, by its name; and the columns.

    Raises:
        MisuseError: A model does not take what its variant asks for.
    """
    options, columns = {}, []
    for variant in job.args.variants:
        model = connection.models.model(variant.model)
        changes = changes_of(variant, model, services.servers)
        warn_of_secrets(str(changes.get("system", "")), f"the system prompt of {variant.name}")
        own = replace(asked, model=model.id, **changes)  # type: ignore[arg-type]  # its own names
        check_form(own, model)
        _refuse_tools(variant, own.tools, is_batch=job.args.batch)
        options[variant.name] = own
        columns.append(column_of(variant.name, changes))
    return options, columns


def _refuse_tools(variant: Variant, tools: Sequence[str], *, is_batch: bool) -> None:
    """Refuse tools where nobody is there who approves their calls, or nothing carries them out.

    Raises:
        MisuseError: The message says what goes instead.
    """
    servers = own_servers(tools)
    if servers:
        raise MisuseError(
            f"{variant.name}: nobody approves the calls of {', '.join(servers)} in a set; "
            "`groqchat compare` with one prompt asks about them"
        )
    if tools and is_batch:
        raise MisuseError(
            f"{variant.name}: whether Groq runs {', '.join(tools)} in batches is not known; "
            "without --batch the set is asked with it"
        )


def _record(
    job: Job,
    session_id: str,
    columns: Sequence[SetColumn],
    last: SetRecord | None,
    *,
    now: float,
    joined: Joined | None,
) -> SetRecord:
    """The record of a set; columns that only earlier commands of its session named come last."""
    before = last if last and last.session_id == session_id else None
    earlier = columns_of(before) if before else []
    models = tuple(dict.fromkeys(column.name for column in (*columns, *earlier)))
    runs = max(job.runs, runs_of(before))
    team = recorded_run(joined.run.id, columns) if joined else {}
    parameters = {**job.parameters, **recorded(columns, earlier), **recorded_runs(runs), **team}
    asked_with = job.system, job.max_tokens, models, parameters
    return SetRecord(session_id, job.place, now, *asked_with)
