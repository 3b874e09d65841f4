"""A store of any language prints its labels: every word has letters, every price its sign."""

import pytest

from label_templates.bundles import installed_bundle
from label_templates.contract.panel import CATALOGUE
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.fonts import FONTS
from label_templates.drawing.text import FontFaces
from label_templates.layout.formats import Formats
from label_templates.layout.node import Run
from label_templates.layout.phrases import languages
from label_templates.render import Renderer

RENDERER = Renderer(installed_bundle())
PANEL = CATALOGUE["epd-2.9-bwr"]
STORES = [
    ("ar-AE", "AED", "قهوة عربية فاخرة مع الهيل 500 جم"),
    ("ar-EG", "EGP", "عصير برتقال طبيعي"),
    ("ar-KW", "KWD", "زيت زيتون Extra Virgin 500 ml"),
    ("bg-BG", "EUR", "Мляно кафе 250 г"),
    ("el-GR", "EUR", "Ελληνικός καφές 200 γρ."),
    ("fa-IR", "IRR", "پنیر می‌خواهم"),
    ("he-IL", "ILS", "קפה נמס (חדש) 250 גרם"),
    ("hu-HU", "HUF", "Őrölt kávé fűszeres"),
    ("ja-JP", "JPY", "北海道牛乳 カフェオレ 500ml"),
    ("ko-KR", "KRW", "커피믹스 오리지널 100개입"),
    ("pl-PL", "PLN", "Żółć gęślą jaźń"),
    ("ru-RU", "RUB", "Шоколад молочный"),
    ("sr-Latn-RS", "RSD", "Mlevena kafa"),
    ("sr-RS", "RSD", "Млевена кафа"),
    ("th-TH", "THB", "กาแฟสำเร็จรูป ผสมน้ำผึ้งป่า"),
    ("tr-TR", "TRY", "Türk kahvesi"),
    ("uk-UA", "UAH", "Кава мелена"),
    ("vi-VN", "VND", "Nước mắm Phú Quốc"),
    ("zh-CN", "CNY", "即溶咖啡 原味 20条"),
    ("zh-TW", "TWD", "即溶咖啡 原味 20條"),
]


def store(locale: str, currency: str) -> StoreWords:
    return StoreWords(id="0001", tz="Europe/Zagreb", currency=currency, locale=locale)


def runs(locale: str, currency: str, name: str, **other: object) -> list[Run]:
    words = {"sku": "1", "name": name, "price": 129_000, "unit_measure": "kg", **other}
    content = TileContent.model_validate({"unit_price": 258_000, **words})
    marks = RENDERER.marks("price/standard", content, PANEL, store(locale, currency))
    return [mark for mark in marks if isinstance(mark, Run)]


@pytest.mark.parametrize("tag", languages())
def test_every_word_of_a_language_has_letters_in_every_font(tag: str) -> None:
    formats = Formats("EUR", tag, "Europe/Zagreb")
    faces = FontFaces(formats.reading)
    words = [*formats.wording.phrases.values(), *formats.wording.measures.values()]
    for font in FONTS:
        face = faces.face(font, 12)
        for word in words:
            assert face.length(word.replace("{}", "2")) > 0


@pytest.mark.parametrize(("locale", "currency", "name"), STORES)
def test_a_store_prints_its_label_in_its_language(locale: str, currency: str, name: str) -> None:
    frame = RENDERER.render(
        "price/standard",
        TileContent(sku="1", name=name, price=129_000),
        PANEL,
        store(locale, currency),
    )
    assert len(set(frame.indices)) > 1
    symbol = Formats(currency, locale, "Europe/Zagreb").money(129_000).symbol
    assert any(symbol in run.text for run in runs(locale, currency, name))


@pytest.mark.parametrize("locale", ["he-IL", "ar-AE"])
def test_a_shelf_that_reads_right_to_left_is_the_mirror_image_of_one_that_does_not(
    locale: str,
) -> None:
    plain, mirrored = runs("en-US", "ILS", "Tea"), runs(locale, "ILS", "Tea")
    assert plain[0].text == mirrored[0].text == "Tea"
    assert plain[0].x < PANEL.width // 3
    assert mirrored[0].x > PANEL.width // 2
    digits = [run for run in plain if run.text == "1"], [r for r in mirrored if r.text == "1"]
    assert digits[0][0].x > PANEL.width // 3 > digits[1][0].x


def test_digits_of_a_price_read_from_left_to_right_on_every_shelf() -> None:
    for locale in ("en-US", "he-IL", "ar-AE"):
        largest = max(run.size for run in runs(locale, "ILS", "Tea"))
        digits = [run for run in runs(locale, "ILS", "Tea") if run.size == largest]
        assert "".join(run.text for run in sorted(digits)) == "1,290"
