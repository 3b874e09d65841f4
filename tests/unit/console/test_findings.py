"""Findings in the words of a page."""

from cloud_service.console.findings import finding_words, first_error
from label_templates.checks.finding import Finding
from label_templates.layout.errors import Place

FAINT = Finding("error", "contrast", "yellow on white", Place(3, 'text "unit-price"'))
SMALL = Finding("warning", "small-text", "has letters of 8 px", Place(2, "text"))
MISSING = Finding("error", "reference-missing", "it is not there", None, "NN 75/2025")


def test_each_finding_has_a_sign_a_word_a_reason_and_the_law() -> None:
    assert finding_words([FAINT, SMALL, MISSING]) == [
        {"mood": "refused", "sign": "refused", "word": "Cannot hang",
         "what": "Unit price: yellow on white.", "law": ""},
        {"mood": "pending", "sign": "failed", "word": "Look again",
         "what": "Text: has letters of 8 px.", "law": ""},
        {"mood": "refused", "sign": "refused", "word": "Cannot hang",
         "what": "It is not there.", "law": "NN 75/2025"},
    ]  # fmt: skip


def test_the_first_error_keeps_a_price_from_being_saved() -> None:
    assert first_error([SMALL], "epd-2.9-bw") == ""
    assert first_error([SMALL, MISSING, FAINT], "epd-2.9-bw") == (
        "This price cannot be shown on epd-2.9-bw: it is not there (NN 75/2025)."
    )
    glyph = Finding("error", "missing-glyph", "font bold has no 中", Place(9, 'text "name"'))
    assert first_error([glyph], "epd-2.9-bw") == (
        "This price cannot be drawn on epd-2.9-bw: name: font bold has no 中."
    )
