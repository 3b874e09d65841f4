"""Stores of many countries, as samples are printed in: language, currency and time zone."""

from label_templates.contract.twin import StoreWords


def _store(number: str, tz: str, currency: str, locale: str) -> StoreWords:
    return StoreWords(id=number, tz=tz, currency=currency, locale=locale)


CROATIA = _store("0204", "Europe/Zagreb", "EUR", "hr-HR")
AMERICA = _store("0001", "America/New_York", "USD", "en-US")
GERMANY = _store("0049", "Europe/Berlin", "EUR", "de-DE")
BRITAIN = _store("0044", "Europe/London", "GBP", "en-GB")
FRANCE = _store("0033", "Europe/Paris", "EUR", "fr-FR")
ITALY = _store("0039", "Europe/Rome", "EUR", "it-IT")
SPAIN = _store("0034", "Europe/Madrid", "EUR", "es-ES")
SWITZERLAND = _store("0041", "Europe/Zurich", "CHF", "de-CH")
GREECE = _store("0030", "Europe/Athens", "EUR", "el-GR")
ISRAEL = _store("0972", "Asia/Jerusalem", "ILS", "he-IL")
KUWAIT = _store("0965", "Asia/Kuwait", "KWD", "ar-KW")
JAPAN = _store("0081", "Asia/Tokyo", "JPY", "ja-JP")
THAILAND = _store("0066", "Asia/Bangkok", "THB", "th-TH")
UKRAINE = _store("0380", "Europe/Kyiv", "UAH", "uk-UA")
