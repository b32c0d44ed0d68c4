"""The content policy of all HTML pages, and the style sheet of reports, light and dark."""

from __future__ import annotations

# Whatever a text in it may hold: nothing runs and nothing is fetched.
POLICY = """\
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">"""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f6f5f2; --card: #fffefb; --ink: #1d1b18; --soft: #6b665e; --line: #e4e0d8;
  --track: #eeebe4; --accent: #d9480f; --good: #2b8a3e; --bad: #c92a2a; --warn: #b35c00;
  --s0: #e8590c; --s1: #1971c2; --s2: #2f9e44; --s3: #9c36b5;
  --s4: #0c8599; --s5: #c2255c; --s6: #846358; --s7: #5c7cfa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #141311; --card: #1d1b19; --ink: #f1eee8; --soft: #a39c91; --line: #34312c;
    --track: #2a2723; --accent: #ff8a4c; --good: #69db7c; --bad: #ff8787; --warn: #ffc078;
    --s0: #ff8a4c; --s1: #6bb5ff; --s2: #69db7c; --s3: #da94f2;
    --s4: #4fd0e0; --s5: #faa2c1; --s6: #c9a99b; --s7: #a5b8ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 1180px; margin: 0 auto; padding: 48px 24px 64px; }
.eyebrow { color: var(--accent); font-weight: 650; font-size: 13px; letter-spacing: .08em;
  text-transform: uppercase; }
h1 { font-size: 34px; line-height: 1.15; letter-spacing: -.02em; margin: 6px 0 8px;
  overflow-wrap: anywhere; }
h2 { font-size: 19px; letter-spacing: -.01em; margin: 44px 0 14px; }
h3 { font-size: 15px; margin: 0 0 2px; }
p { margin: 0; }
.soft { color: var(--soft); }
.banner { margin-top: 18px; padding: 10px 14px; border-left: 3px solid var(--warn);
  background: color-mix(in srgb, var(--warn) 10%, transparent); border-radius: 0 8px 8px 0; }
.grid { display: grid; gap: 16px; }
.tiles { grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); margin-top: 28px; }
.bars { grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); }
.bars + .card { margin-top: 16px; }
.curves { grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr));
  margin-top: 16px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 18px 20px; min-width: 0; }
.prompts { padding: 0; overflow: hidden; }
.tile b { display: block; font-size: 25px; line-height: 1.25; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums; margin: 2px 0; }
.card > svg { display: block; width: 100%; height: auto; margin-top: 12px; overflow: visible; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 7px;
  flex: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 14px; }
.scroll { overflow-x: auto; padding: 6px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 16px; text-align: right; border-top: 1px solid var(--line);
  white-space: nowrap; }
thead th { border-top: 0; font-weight: 650; }
th:first-child { text-align: left; font-weight: 500; color: var(--soft); }
td.best { font-weight: 650; color: var(--good); }
td.best::before { content: "★ "; font-size: 12px; }
td.heat { background: color-mix(in srgb, var(--good) calc(var(--share) * 34%), transparent); }
td.wraps { white-space: normal; }
details { border-top: 1px solid var(--line); }
details:first-child { border-top: 0; }
summary { cursor: pointer; padding: 9px 20px; display: flex; gap: 14px; align-items: baseline;
  list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: color-mix(in srgb, var(--accent) 6%, transparent); }
summary .id { font-weight: 600; flex: none; max-width: 14em; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
summary .begins { color: var(--soft); flex: 1; min-width: 0; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.chip { font-size: 12px; padding: 1px 9px; border-radius: 99px; background: var(--track);
  color: var(--soft); flex: none; }
.marks { display: flex; gap: 5px; flex: none; }
.mark { width: 22px; height: 22px; border-radius: 6px; font-size: 13px; line-height: 22px;
  text-align: center; font-weight: 700; background: var(--track); color: var(--soft); }
.mark.yes { color: var(--good); background: color-mix(in srgb, var(--good) 16%, transparent); }
.mark.no { color: var(--bad); background: color-mix(in srgb, var(--bad) 16%, transparent); }
.inside { padding: 4px 20px 22px; }
.answers { grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
  margin-top: 14px; }
.answer { border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; min-width: 0; }
pre { margin: 8px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5
  ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace;
  max-height: 26em; overflow-y: auto; }
.prompt { border-left: 3px solid var(--line); padding-left: 12px; }
ul { list-style: none; margin: 10px 0 0; padding: 0; font-size: 13px; }
li { overflow-wrap: anywhere; }
.shown ul { margin: 0 0 10px; font-size: 15px; }
.shown li { padding-left: 1.2em; text-indent: -1.2em; }
.shown .soft { font-size: 13px; }
.yes { color: var(--good); } .no { color: var(--bad); }
svg text { font-size: 13px; fill: var(--ink); }
svg .figure { text-anchor: end; font-weight: 650; font-variant-numeric: tabular-nums; }
svg .tick { fill: var(--soft); font-size: 12px; }
svg .end { text-anchor: end; } svg .mid { text-anchor: middle; }
svg .track { fill: var(--track); }
svg .grid { stroke: var(--line); fill: none; }
svg .whisker { fill: none; stroke: var(--ink); stroke-width: 1.5; }
svg .curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
@media print { body { background: none; } details { break-inside: avoid; } }
""" + "".join(
    f"rect.s{n} {{ fill: var(--s{n}); }} path.s{n} {{ stroke: var(--s{n}); }} "
    f".dot.s{n} {{ background: var(--s{n}); }}\n"
    for n in range(8)
)
"""Eight series have colours of their own, as many as models can be compared."""
