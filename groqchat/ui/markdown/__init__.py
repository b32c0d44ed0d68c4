r"""A streaming Markdown renderer: source → blocks → lines → strips, each step pure.

* `parser` reads lines into *blocks* (`blocks`), one line at a time and never again.
* `inline` and `highlight` turn the text of a block into styled *spans*; `wrap` and `table`
  break spans to the width.
* `flow` lays out one block as *lines* (`lines`); a growing block keeps what cannot change.
* `document` puts it together: append text, ask for lines.
* `palette` and `paint` give the spans their colours when a line is painted as a strip.

What a document shows is a function of its text and width alone. How the text was cut into
chunks cannot matter, because blocks are decided line by line. Choices made for that and for a
chat:

* Reference links and footnotes are shown as they are written: a later definition cannot change
  what was already read, and no address is ever hidden.
* Loose and tight lists look alike; line breaks within a paragraph are kept.
* HTML is text. A formula is shown in Unicode once it is closed (`maths`), and copied as TeX; the
  text between two prices is none. ``$$`` or ``\\[`` alone on a line begins one that ends with its
  closing mark or a blank line.
* A paragraph longer than some thousand characters is read in pieces; emphasis does not reach
  across the pieces.
* Long code is highlighted in sections; where a section must be cut inside a string or comment,
  colours (never text) may be wrong.

`markdown_it` and `pygments` are loaded when first needed; `warm_up.warm_up` loads them ahead.
"""
