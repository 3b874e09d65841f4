"""Product facts for samples: made up, but in the order and words that the law asks for."""

from label_templates.contract.facts import Nutrient, ProductFacts

GRANOLA = ProductFacts(
    per="1 serving (55 g)",
    nutrition=(
        Nutrient(name="Calories", amount="250"),
        Nutrient(name="Total fat", amount="9 g"),
        Nutrient(name="Saturated fat", amount="1.5 g", indent=True),
        Nutrient(name="Trans fat", amount="0 g", indent=True),
        Nutrient(name="Cholesterol", amount="0 mg"),
        Nutrient(name="Sodium", amount="95 mg"),
        Nutrient(name="Total carbohydrate", amount="38 g"),
        Nutrient(name="Dietary fiber", amount="4 g", indent=True),
        Nutrient(name="Total sugars", amount="12 g", indent=True),
        Nutrient(name="Protein", amount="6 g"),
    ),
    allergens=("Almonds", "Oats"),
    dietary=("Vegetarian", "Whole grain"),
    origin="United States",
    ingredients="Whole grain oats, honey, almonds, sunflower oil, rice flour, salt, cinnamon.",
)
PENNE = ProductFacts(
    per="100 g",
    nutrition=(
        Nutrient(name="Energija", amount="1521 kJ / 359 kcal"),
        Nutrient(name="Masti", amount="1,5 g"),
        Nutrient(name="od kojih zasićene masne kiseline", amount="0,3 g", indent=True),
        Nutrient(name="Ugljikohidrati", amount="72 g"),
        Nutrient(name="od kojih šećeri", amount="3,2 g", indent=True),
        Nutrient(name="Vlakna", amount="3,0 g"),
        Nutrient(name="Bjelančevine", amount="13 g"),
        Nutrient(name="Sol", amount="0,01 g"),
    ),
    allergens=("Pšenica (gluten)",),
    dietary=("Vegansko",),
    origin="Italija",
    ingredients="Krupica durum pšenice, voda. Može sadržavati tragove soje i senfa.",
)
MUESLI = ProductFacts(
    per="100 g",
    nutrition=(
        Nutrient(name="Brennwert", amount="1925 kJ / 460 kcal"),
        Nutrient(name="Fett", amount="18 g"),
        Nutrient(name="davon gesättigte Fettsäuren", amount="4,6 g", indent=True),
        Nutrient(name="Kohlenhydrate", amount="61 g"),
        Nutrient(name="davon Zucker", amount="21 g", indent=True),
        Nutrient(name="Ballaststoffe", amount="7,8 g"),
        Nutrient(name="Eiweiß", amount="9,1 g"),
        Nutrient(name="Salz", amount="0,35 g"),
    ),
    allergens=("Hafer (Gluten)", "Weizen (Gluten)", "Milch", "Haselnüsse", "Soja"),
    dietary=("Bio", "Vegetarisch"),
    origin="Deutschland",
    ingredients="Vollkornhaferflocken 42 %, Zucker, Weizenmehl, Zartbitterschokolade 9 %"
    " (Emulgator Sojalecithin), Haselnüsse 6 %, Magermilchpulver, Salz. Kann Spuren von Mandeln"
    " enthalten.",
)


def document(facts: ProductFacts) -> bytes:
    """Return facts as the JSON that `ProductFacts.read` reads."""
    return facts.model_dump_json(exclude_defaults=True).encode()
