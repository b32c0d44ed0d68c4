"""The text of PDF files; the files are written here."""

import sys

import pytest

from groqchat.services.file_text import file_text


def pdf(*pages):
    """A PDF of one line of text a page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else ""
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
                f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
            ),
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        data
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
        ).encode()
    )


def test_the_text_of_a_pdf_is_that_of_its_pages():
    assert file_text(pdf("First page", "", "Third page"), 60) == "First page\n\nThird page"
    assert file_text(b"plain", 60) == "plain"


@pytest.mark.parametrize(
    ("data", "limit_s", "complaint"),
    [
        (pdf("", ""), 60, "without text: its pages are pictures"),
        (pdf("First", "Second"), -1, "more text than can be read here"),
        (b"%PDF-1.4\nbroken", 60, "broken or needs a password"),
        (b"\xff", 60, "is not text in UTF-8"),
    ],
)
def test_what_has_no_text_is_told(data, limit_s, complaint):
    with pytest.raises(ValueError, match=complaint):
        file_text(data, limit_s)


def test_without_the_library_the_command_that_brings_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(ValueError, match="pip install 'pypdf>=7,<8'"):
        file_text(pdf("Text"), 60)


def test_no_complaint_of_the_library_reaches_the_screen(capfd):
    whole = pdf("First page")
    file_text(whole.replace(b"startxref\n", b"startxref\n9"), 60)
    assert capfd.readouterr() == ("", "")
