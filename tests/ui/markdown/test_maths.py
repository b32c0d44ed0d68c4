"""Formulas: what is one, how it reads, what a copy of it gives, and that none turns back."""

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groqchat.ui.markdown.document import Document
from groqchat.ui.markdown.inline import spans
from groqchat.ui.markdown.maths import readable


def shown(text, width=60):
    document = Document(width)
    document.append(text)
    return document.lines()


def copied(lines, start=0):
    pieces = []
    for line in lines[start:]:
        pieces += [line.copied(is_first=not pieces), line.join]
    return "".join(pieces[:-1])


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", "x = (-b ± √(b² - 4ac))/(2a)"),
        (r"\int_{0}^{\infty} e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}", "∫₀^∞ e^(-x²) dx = √π/2"),
        (r"\sum\limits_{i=1}^{n} a_{ij}^{(k)}", "∑ᵢ₌₁ⁿ aᵢⱼ⁽ᵏ⁾"),
        (r"\mathbb{R}^n \to \mathbb{R}, \forall x \in A", "ℝⁿ → ℝ, ∀ x ∈ A"),
        (r"\left( \frac{1}{2} \right)^{k} \le \frac{3}{7}x", "( ½ )ᵏ ≤ 3/7 x"),
        (r"O(n\log n), 90^\circ, f'(x)", "O(n log n), 90°, f′(x)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"\begin{aligned} a &= b \\[4pt] c &= d \end{aligned}", "a = b\nc = d"),
        (r"\sqrt[3]{x} \binom{n}{k} \overline{AB}", "∛x (n choose k) A̅B̅"),
        (r"50\% \pm 5 % of all", "50% ± 5 % of all"),
        (r"\|x\|", "‖x‖"),
        (r"\foo{a_b} + \alpha", r"\foo{a_b} + α"),
    ],
)
def test_tex_becomes_readable(tex, text):
    assert readable(f"$${tex}$$") == text


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{",
        r"\textrm\frac x",
        r"\href",
        r"\begin{tikzpicture}x\end{tikzpicture}",
        "{" * 60 + "}" * 60,
        "x" * 5_000,
    ],
)
def test_what_cannot_be_read_stays_as_it_is_written(tex, capfd):
    assert readable(f"$${tex}$$") == f"$${tex}$$"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "$5-$6, $5/$6 and ($5)($6)",
        "from $5 per unit to US$6",
        r"\$x\$ and $FOO_BAR$",
        "$HOME/bin:$PATH",
        "a $ b $ c",
        "It costs US$5 or US$6.",
        "Cost: $1,000 to $2,000; US$5",
        "A$10, NZ$12 and HK$80",
        "Price $3 vs €3 vs R$3",
        "~$5k vs S$7k, $3 or R$ 4, $5-A$ 6",
        "set $FOO and x$BAR, or $foo_bar$ and $a=$b",
        "5$ or 6$, $5 = A$ 7 (US$), $$5 and $$6, US$$",
        "$5 (about A$7), $5.$6, $5|$6, *$5* or $6",
    ],
)
def test_prices_and_variables_are_no_formulas(text):
    assert [span.tex for span in spans(text) if span.tex] == []
    assert "".join([span.text for span in spans(text)]) == text.replace(r"\$", "$").replace("*", "")


@pytest.mark.parametrize(
    "text",
    [
        "$x$, ($n$) and $f(x)$",
        "$O(n)$ to $P(A|B)$ in $[0, 1]$",
        "$|x|$ is $2n$, $0$ or $-1$",
        "cm$^2$, H$_2$O and 10$^{-3}$",
        r"$2\pi r$, $\alpha$ and $4ac = b^2$",
        "$x_1 = 5$ and $E = mc^2$",
        r"$$a = b,$$ and $0 \le i < N$ \(y\)",
    ],
)
def test_formulas_within_text_are_shown(text):
    found = [span.tex for span in spans(text) if span.tex]
    assert found == re.findall(r"\$\$.*?\$\$|\$.*?\$|\\\(y\\\)", text)


PROSE = st.sampled_from(
    ["$", "$$", "US$", "R$", "$5", "A$7", " ", ", ", "1,000", "k", " or ", " vs ", "FOO", "/", "("]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PROSE, max_size=14).map("".join))
def test_text_without_signs_of_tex_keeps_every_dollar(text):
    short = [span.tex for span in spans(text) if span.tex]
    assert all(re.fullmatch(r"\$+(k|[\d.]+k?)\$+", tex) for tex in short)
    assert "".join([span.tex or span.text for span in spans(text)]) == text


def test_a_copy_gives_the_tex_also_of_formulas_in_several_rows():
    source = r"so $\alpha + \beta + \gamma = \delta$ holds"
    lines = shown(source, 12)
    assert [line.text for line in lines] == ["so α + β + γ", "= δ holds"]
    assert copied(lines) == source
    assert copied(lines, 1) == r"$\alpha + \beta + \gamma = \delta$ holds"
    block = "\\[\n\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\n\\]"
    lines = shown(f"{block}\n\nend")
    assert [line.text for line in lines] == ["a = b", "c = d", "", "end"]
    assert copied(lines) == f"{block}\n\nend"


def test_a_displayed_formula_is_as_it_is_written_until_it_ends():
    document = Document(40)
    document.append("$$\nx^2\n")
    assert [line.text for line in document.lines()] == ["$$", "x^2"]
    document.append("$")
    assert [line.text for line in document.lines()] == ["$$", "x^2", "$"]
    document.append("$")
    assert [line.text for line in document.lines()] == ["x²"]
    document.append("\nafter")
    assert [line.text for line in document.lines()] == ["x²", "", "after"]


PIECES = st.sampled_from(
    ["$", "$$", r"\(", r"\)", r"\[", r"\]", "5", "x", "^2", " ", "and ", "-", r"\$"]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_formula_turns_back_while_text_grows(text):
    before = []
    for end in range(len(text) + 1):
        formulas = [span.tex for span in spans(text[:end]) if span.tex]
        if before and text[:end][-1:].isalnum() and text[: end - 1].endswith(before[-1]):
            before.pop()  # such as $x$ of $x$BAR
        assert formulas[: len(before)] == before
        before = formulas


def test_the_library_is_loaded_with_the_first_formula():
    code = (
        "import sys; from groqchat.ui.markdown.inline import spans; spans('a *b* $5 and $6');"
        "print('pylatexenc' in sys.modules); spans('$x^2$'); print('pylatexenc' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
