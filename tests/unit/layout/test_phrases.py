"""Every language says the same things, with the same values in them."""

import json
from importlib.resources import files
from typing import Any

import pytest

from label_templates.contract.tile import Measure
from label_templates.layout.errors import FormatError
from label_templates.layout.formats import Formats
from label_templates.layout.phrases import languages, wording

ZAGREB = "Europe/Zagreb"
WHOLE = [tag for tag in languages() if "-" not in tag]
VARIANTS = [tag for tag in languages() if "-" in tag]


def _file(tag: str) -> dict[str, Any]:
    found = files("label_templates.layout") / "languages" / f"{tag}.json"
    words: dict[str, Any] = json.loads(found.read_text("utf-8"))
    return words


def _seats(phrases: dict[str, str]) -> dict[str, int]:
    return {key: phrase.count("{}") for key, phrase in phrases.items()}


@pytest.mark.parametrize("tag", WHOLE)
def test_every_language_has_every_phrase_with_as_many_values(tag: str) -> None:
    assert _seats(_file(tag)["phrases"]) == _seats(_file("en")["phrases"])


@pytest.mark.parametrize("tag", VARIANTS)
def test_a_variant_says_only_what_differs_from_its_language(tag: str) -> None:
    variant, base = _file(tag), _file(tag.split("-", maxsplit=1)[0])
    for part, words in variant.items():
        for key, word in words.items():
            assert base[part].get(key) != word
    phrases = variant.get("phrases", {})
    assert _seats(phrases).items() <= _seats(base["phrases"]).items()


@pytest.mark.parametrize("tag", languages())
def test_measures_are_those_of_the_contract(tag: str) -> None:
    assert set(_file(tag).get("measures", {})) <= set(Measure.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("tag", languages())
def test_no_phrase_is_empty_or_padded(tag: str) -> None:
    words = _file(tag)
    for text in (*words.get("phrases", {}).values(), *words.get("measures", {}).values()):
        assert text == text.strip() != ""


def test_values_stand_in_their_order() -> None:
    english = Formats("USD", "en-US", ZAGREB)
    assert english.phrase("buy-get", 2, 1) == "Buy 2, get 1 free"
    assert english.phrase("pays", 3, 2) == "3 for 2"
    assert english.phrase("origin", "{}") == "Origin: {}"


def test_a_phrase_with_too_few_or_too_many_values_is_refused() -> None:
    english = Formats("USD", "en-US", ZAGREB)
    with pytest.raises(FormatError, match="phrase 'pays' takes 2 values, not 1"):
        english.phrase("pays", 3)
    with pytest.raises(FormatError, match="phrase 'special' takes 0 values, not 1"):
        english.phrase("special", 3)


def test_a_language_that_nobody_wrote_reads_english() -> None:
    assert wording("eu", "Latn", "ES") == wording("en", "Latn", "ZZ")


def test_thirty_days_are_promised_only_where_the_law_of_the_union_counts_them() -> None:
    def prior(locale: str) -> str:
        return Formats("EUR", locale, ZAGREB).phrase("prior")

    assert "30" in prior("de-DE")
    assert "30" in prior("de-AT")
    assert prior("de-CH") == "statt"
    assert "30" in prior("es")
    assert "30" in prior("es-ES")
    assert prior("es-MX") == "antes"
    assert "30" in prior("en-IE")
    assert prior("en-GB") == "was"
