"""Markdown to draw from: every construct once, and a strategy that mixes them."""

from itertools import pairwise

from hypothesis import strategies as st

CONSTRUCTS = (
    "# One\n",
    "Two\n===\n",
    "Three *lines*\nof it\n---\n",
    "###### Six ######\n",
    "plain words, `code` and **strong *and em*** ~~gone~~\n",
    "see `--a-name=that.is.much.longer/than/any/row/of/the/screen_by_far` and `x` on\n",
    "`漢字とコード_and_a_run_that_is_longer_than_every_row_there_is_here`.\n",
    "a line\nanother  \nand\\\na third\n",
    "- one\n- two\n\n- three\n",
    "* a\n  * b\n    * c\n\n      d\n",
    "9. nine\n10. ten\n\n   more\n",
    "3) x\n4) y\n1. new\n",
    "- [ ] open\n- [x] done\n",
    "-\n  empty start\n-\n\n  not in it\n",
    "- ```py\n  x = 1\n\n  y\n  ```\n- after\n",
    "> quoted\nlazy\n> > deeper\n\n> new\n",
    "> - item\n>   more\n> 1. other\n",
    "| a | b |\n|:--|--:|\n| 1 | 2 |\n| `x\\|y` | **z** | extra |\n",
    "text\nh | k\n--|--\nrow\n",
    "```python\ndef f():\n\treturn '''a\n\nb'''\n```\n",
    "~~~\nno language\n```\n~~~\n",
    "```\nnever closed\n\n- not a list\n",
    "    indented\n\n    code\n",
    "\tcode by tab\n",
    "***\n",
    "[text](https://example.org/a%26b) <https://example.com> https://example.net/x. [ref][1]\n",
    "[1]: https://example.org\n[^1]: a note\n",
    "![image](https://example.org/i.png) [bad](javascript:x) [path](/etc/passwd)\n",
    "$$\n\\frac{a}{b}\n= c\n$$\n",
    "\\[\nx_1 \\\\ y_2\n\\]\n",
    "inline \\(a_1\\) and $x_2$ for $5 and \\*stars\\*\n",
    "List<String> <think>hm</think> a<br>b &lt; &#27; &#x202e;\n",
    "日本語のとても長い文章です。改行できますか？はい、できます。\n",
    "👩‍💻 ❤️ 🇩🇪 e\u0301\u0302 \u200bשלום עולם\n",
    "one [/red] {braces} [@click=app.quit]x[/]\n",
    "word " * 30 + "\n",
    "x" * 90 + "\n",
    "- " * 30 + "deep\n",
    "> " * 30 + "deep\n",
    "\x1b[31m\x9b\x07\u2028\u202e\x00\r\n",
)

_ATOMS = st.sampled_from(
    (
        *("\n", "\n\n", " ", "    ", "\t", "- ", "1. ", "> ", "# ", "```", "~~~", "|", "|-|-|"),
        *("a | b", "*", "**", "_", "`", "[", "](", ")", "$", "$$", "\\", "---", "===", "[x] "),
        *("word", "two words", "é", "漢字", "👩\u200d💻", "\u0301", "\u200b", "<b>", "&amp;"),
        *("https://a.b/c", "\x1b]52;c;x\x07"),
    )
)

MARKDOWN = st.lists(st.sampled_from(CONSTRUCTS) | _ATOMS, max_size=12).map("".join)
"""Random Markdown: whole constructs and fragments of them."""


def chunked(text: str, cuts: list[int]) -> list[str]:
    """The text in pieces, cut at the given offsets."""
    offsets = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[a:b] for a, b in pairwise(offsets)]
