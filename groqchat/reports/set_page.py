"""A report on a set of prompts as a self-contained HTML page without scripts."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import figures_of
from groqchat.domain.images.image import shown_prompt
from groqchat.domain.prompt_sets.statistics import PASSED
from groqchat.domain.text.humanize import counted, duration, money, speed
from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.turns.finish_reasons import ending
from groqchat.reports.charts import Bar, Curve, bars, curves
from groqchat.reports.page_style import POLICY, STYLE
from groqchat.reports.set_conclusions import TOLD, conclusions, intervals_table, remarks
from groqchat.reports.set_tables import SET_MEASURES, short_names, shown_measures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from groqchat.domain.compare.compare import Figures
    from groqchat.domain.prompt_sets.outcomes import Outcome, Passed
    from groqchat.domain.prompt_sets.report import SetReport
    from groqchat.reports.set_conclusions import ToldMeasure
    from groqchat.reports.set_tables import SetMeasure

_BY_LABEL = {measure.label: measure for measure in SET_MEASURES}
_TILES = {
    "Most checks passed": "checks passed",
    "Fastest answer": "total p50",
    "Cheapest 1,000 answers": "cost per 1,000",
}


def set_page(report: SetReport) -> str:
    """The HTML document; prompts and answers are escaped as text."""
    names = short_names([model.model for model in report.models])
    parts = [
        _opening(report),
        _tiles(report, names),
        *_shown(report, names),
        _section("By prompt, with 95 % intervals", _by_prompt(report, names)),
        _section("Figures", _figures(report, names)),
        _section("Times", _times_charts(report, names)),
    ]
    if report.tasks:
        parts.append(_section("Checks passed by task", _tasks(report, names)))
    parts.append(_section("Prompts and answers", _prompts(report, names)))
    return _PAGE.format(policy=POLICY, title=_safe(report.name), style=STYLE, body="\n".join(parts))


_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{policy}
<title>{title} · model comparison</title>
<style>{style}</style>
</head>
<body><main>
{body}
</main></body>
</html>
"""


def _opening(report: SetReport) -> str:
    answers = sum(model.answers for model in report.models)
    failed = sum(model.failed for model in report.models)
    facts = [
        counted(len(report.outcomes) // report.runs, "prompt"),
        counted(len(report.models), "model"),
        *([counted(report.runs, "run")] if report.runs > 1 else []),
        counted(answers, "answer"),
        counted(failed, "failure") if failed else "no failures",
    ]
    verb = "is" if report.missing == 1 else "are"
    still = f"{counted(report.missing, 'answer')} {verb} still missing."
    missing = still if report.missing else ""
    banner = f'<p class="banner">{missing}</p>' if missing else ""
    return (
        '<header><div class="eyebrow">Model comparison</div>'
        f'<h1>{_safe(report.name)}</h1><p class="soft">{" · ".join(facts)}</p>{banner}</header>'
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>\n{body}</section>"


def _tiles(report: SetReport, names: Sequence[str]) -> str:
    """Tiles with the best model of the main measures; empty if there is none."""
    tiles = []
    for title, label in _TILES.items():
        measure = _BY_LABEL[label]
        best = sorted(measure.best(report))
        if best:
            winners = " ".join(_named(names[place], place) for place in best)
            figure = _safe(measure.text(report.models[best[0]]))
            about = f'<span class="soft">{title}</span>'
            tiles.append(f'<div class="card tile">{about}<b>{figure}</b>{winners}</div>')
    return f'<div class="grid tiles">{"".join(tiles)}</div>' if tiles else ""


def _shown(report: SetReport, names: Sequence[str]) -> Iterator[str]:
    """The section of what the prompts show; none where nothing is compared."""
    if told := conclusions(report, names):
        lines = "".join(f"<li>{_SIGNS[each.is_shown]} {_safe(each.text)}</li>" for each in told)
        notes = "".join(f'<p class="soft">{_safe(remark)}</p>' for remark in remarks(report))
        body = f'<div class="card shown"><ul>{lines}</ul>{notes}</div>'
        yield _section("What the prompts show", body)


_SIGNS = {True: '<b class="yes">✓</b>', False: '<b class="soft">–</b>'}


def _named(name: str, series: int) -> str:
    return f'<span><i class="dot s{series}"></i>{_safe(name)}</span>'


# -- tables -----------------------------------------------------------------------------------


def _table(names: Sequence[str], rows: Iterable[str]) -> str:
    heads = "".join(f"<th>{_named(name, place)}</th>" for place, name in enumerate(names))
    body = f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<div class="card scroll">{body}</div>'


def _figures(report: SetReport, names: Sequence[str]) -> str:
    return _table(names, (_figures_row(report, each) for each in shown_measures(report)))


def _figures_row(report: SetReport, measure: SetMeasure) -> str:
    best = measure.best(report)
    cells = "".join(
        f'<td class="{"best" if place in best else "wraps"}">{_safe(measure.text(model))}</td>'
        for place, model in enumerate(report.models)
    )
    return f"<tr><th>{measure.label}</th>{cells}</tr>"


def _tasks(report: SetReport, names: Sequence[str]) -> str:
    rows = (
        f"<tr><th>{_safe(task or 'without a task')}</th>{''.join(map(_heat, passed))}</tr>"
        for task, passed in report.tasks
    )
    return _table(names, rows)


def _heat(passed: Passed) -> str:
    if passed.share is None:
        return "<td>–</td>"
    return f'<td class="heat" style="--share:{passed.share:.2f}">{passed} · {passed.share:.0%}</td>'


# -- charts -----------------------------------------------------------------------------------


def _by_prompt(report: SetReport, names: Sequence[str]) -> str:
    """Charts of the values of the prompts, and their intervals in a table."""
    cards = "".join(_bar_chart(report, names, told) for told in TOLD)
    charts = f'<div class="grid bars">{cards}</div>'
    intervals = intervals_table(report, names)
    if intervals is None:
        return charts
    rows = (
        f"<tr><th>{label}</th>{''.join(f'<td>{_safe(cell)}</td>' for cell in cells)}</tr>"
        for label, *cells in intervals[1]
    )
    return charts + _table(names, rows)


def _times_charts(report: SetReport, names: Sequence[str]) -> str:
    cards = [
        _times_chart(report, names, "Time to the first token", lambda fig: fig.first_token_s),
        _times_chart(report, names, "Time to the whole answer", lambda fig: fig.total_s),
    ]
    return f'<div class="grid curves">{"".join(cards)}</div>'


def _card(title: str, about: str, chart: str, legend: str = "") -> str:
    head = f'<h3>{title}</h3><p class="soft">{about}</p>'
    return f'<div class="card">{head}{chart}{legend}</div>' if chart else ""


def _bar_chart(report: SetReport, names: Sequence[str], told: ToldMeasure) -> str:
    """The values of one measure by model, with their intervals; empty where there are none."""
    found = [each for each in report.statistics.summaries if each.measure == told.measure]
    if not found:
        return ""
    ends = [max(each.interval.value, each.interval.high or 0.0) for each in found]
    most = 1.0 if told.measure == PASSED else max(ends) or 1.0
    rows = [
        Bar(
            names[each.column],
            told.text(each.interval.value),
            each.interval.value / most,
            each.column,
            None if each.interval.low is None else each.interval.low / most,
            None if each.interval.high is None else each.interval.high / most,
        )
        for each in found
    ]
    title = told.label.capitalize()
    return _card(title, told.about, bars(title, rows))


def _times_chart(
    report: SetReport, names: Sequence[str], title: str, of: Callable[[Figures], float | None]
) -> str:
    rows = [
        Curve(names[place], _values(report, place, of), place)
        for place in range(len(report.models))
    ]
    marks = "".join(_named(row.label, row.series) for row in rows)
    about = "how many of the answers were that fast"
    return _card(title, about, curves(title, rows), f'<div class="legend">{marks}</div>')


def _values(report: SetReport, place: int, of: Callable[[Figures], float | None]) -> list[float]:
    answers = (row[place].answer for row in report.outcomes)
    values = (of(figures_of(answer)) for answer in answers if answer)
    return [value for value in values if value is not None]


# -- prompts ----------------------------------------------------------------------------------


def _prompts(report: SetReport, names: Sequence[str]) -> str:
    rows = "".join(_prompt(row, names) for row in report.outcomes)
    return f'<div class="card prompts">{rows}</div>'


def _prompt(row: Sequence[Outcome], names: Sequence[str]) -> str:
    prompt = row[0].prompt
    chip = f'<span class="chip">{_safe(prompt.task)}</span>' if prompt.task else ""
    marks = "".join(_mark(outcome, name) for outcome, name in zip(row, names, strict=True))
    begins = " ".join(shown_prompt(prompt.text)[:200].split())
    summary = (
        f'<span class="id">{_safe(prompt.label)}</span>'
        f'<span class="begins">{_safe(begins)}</span>{chip}'
        f'<span class="marks">{marks}</span>'
    )
    system = f'<pre class="prompt soft">{_safe(prompt.system)}</pre>' if prompt.system else ""
    answers = "".join(
        _answer(outcome, name, at)
        for at, (outcome, name) in enumerate(zip(row, names, strict=True))
    )
    asked = f'{system}<pre class="prompt">{_safe(shown_prompt(prompt.conversation))}</pre>'
    inside = f'<div class="inside">{asked}<div class="grid answers">{answers}</div></div>'
    return f"<details><summary>{summary}</summary>{inside}</details>\n"


def _mark(outcome: Outcome, name: str) -> str:
    if outcome.is_unasked:
        sign, kind, words = "–", "", "not answered yet"
    elif outcome.failure:
        sign, kind, words = "!", " no", "failed"
    elif all(outcome.passed):
        sign, kind, words = "✓", " yes", "passed" if outcome.passed else "answered"
    elif False in outcome.passed:
        sign, kind, words = "✗", " no", "not passed"
    else:
        sign, kind, words = "?", "", "not decided"
    return f'<span class="mark{kind}" title="{_safe(name)}: {words}">{sign}</span>'


def _answer(outcome: Outcome, name: str, series: int) -> str:
    head = f"<h3>{_named(name, series)}</h3>"
    return f'<div class="answer">{head}{_said(outcome)}{_checks(outcome)}</div>'


def _said(outcome: Outcome) -> str:
    if outcome.failure:
        return f'<p class="no">{_safe(outcome.failure.sentence)}</p>'
    if outcome.answer is None:
        return '<p class="soft">Not asked yet.</p>'
    figures = figures_of(outcome.answer)
    facts = [duration(figures.total_s), speed(figures.rate), money(figures.cost)]
    if how := ending(outcome.answer):
        facts.append(_safe(how))
    return f'<p class="soft">{" · ".join(facts)}</p><pre>{_safe(outcome.answer.content)}</pre>'


_VERDICTS = {
    True: '<b class="yes">✓</b>',
    False: '<b class="no">✗</b>',
    None: '<b class="soft" title="not decided">?</b>',
}


def _checks(outcome: Outcome) -> str:
    lines = "".join(
        f"<li>{_VERDICTS[passed]} {_safe(str(check))}{_note(note)}</li>"
        for check, passed, note in outcome.checked
    )
    return f"<ul>{lines}</ul>" if lines else ""


def _note(note: str) -> str:
    return f' <span class="soft">({_safe(note)})</span>' if note else ""


def _safe(text: str) -> str:
    """A text, escaped for HTML and without control characters."""
    return html.escape(sanitize(text))
