"""`edge-shelf products`: find, show, add and change products."""

from typing import Annotated, Any

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.printing import counted, following, money, print_json, print_table, say
from cloud_service.cli.product_fields import (
    Brand,
    Category,
    Clear,
    Content,
    Cost,
    Deposits,
    Facts,
    Gtin,
    Image,
    Name,
    OnSaleSince,
    Origin,
    OtherGtins,
    Perishable,
    Plu,
    Size,
    Weighed,
    product_fields,
)
from label_templates.contract.identifiers import parse_sku

app = typer.Typer(add_completion=False, no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SkuArgument = Annotated[str, typer.Argument(help="The product's SKU.")]
Note = Annotated[str, typer.Option("--note", help="Why; it stands in the audit trail.")]
_COLUMNS = ("SKU", "GTIN", "Name", "Size", "Price", "Positions")


@app.callback()
def products() -> None:
    """Search, add and change products."""


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="Name, SKU, GTIN, PLU or brand.")],
    *,
    store: Annotated[str | None, typer.Option(help="Show prices and positions here.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=500)] = 20,
    as_json: AsJson = False,
) -> None:
    """Search products; case and accents do not matter."""
    with connect() as connection:
        found = connection.get("/products", q=text, store=store, limit=limit)
    if as_json:
        print_json(found)
        return
    print_table(_COLUMNS, [_row(product) for product in found["data"]])
    if not found["data"]:
        typer.echo(f"no product matches {text}", err=True)
    if found["has_more"]:
        match = "matches" if limit == 1 else "match"
        more = f"more than {counted(limit, 'product')} {match}"
        typer.echo(f"{more}; --limit shows more", err=True)


@app.command("show")
def show(
    sku: SkuArgument,
    *,
    store: Annotated[str | None, typer.Option(help="Show its price and positions here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show all that is known of a product."""
    with connect() as connection:
        found = connection.get(f"/products/sku:{parse_sku(sku)}", store=store)
    if as_json:
        print_json(found)
        return
    for name, value in _lines(found):
        say(f"{name}: {value}")


@app.command("add")
def add(
    sku: SkuArgument,
    name: Annotated[str, typer.Argument(help="Its name, as printed.")],
    *,
    brand: Brand = None,
    size: Size = None,
    content: Content = None,
    gtin: Gtin = None,
    other_gtin: OtherGtins = None,
    plu: Plu = None,
    category: Category = None,
    weighed: Weighed = None,
    perishable: Perishable = None,
    deposit: Deposits = None,
    cost: Cost = None,
    on_sale_since: OnSaleSince = None,
    origin: Origin = None,
    image: Image = None,
    facts: Facts = None,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Add a product. It has no price yet: `prices set` gives it one."""
    fields = product_fields(
        name=name, brand=brand, size=size, content=content, gtin=gtin, gtins=other_gtin, plu=plu,
        category=category, weighed=weighed, perishable=perishable, deposits=deposit, cost=cost,
        on_sale_since=on_sale_since, origin=origin, image=image, facts=facts,
    )  # fmt: skip
    with connect() as connection:
        done = connection.post("/products", {"sku": parse_sku(sku), **fields, "note": note})
    print_json(done) if as_json else say(f"{done['sku']}: {done['name']} is added")


@app.command("set")
def change(
    sku: SkuArgument,
    *,
    name: Name = None,
    brand: Brand = None,
    size: Size = None,
    content: Content = None,
    gtin: Gtin = None,
    other_gtin: OtherGtins = None,
    plu: Plu = None,
    category: Category = None,
    weighed: Weighed = None,
    perishable: Perishable = None,
    deposit: Deposits = None,
    cost: Cost = None,
    on_sale_since: OnSaleSince = None,
    origin: Origin = None,
    image: Image = None,
    facts: Facts = None,
    clear: Clear = None,
    version: Annotated[
        int | None, typer.Option("--version", help="Only if it still has this revision.")
    ] = None,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Change what is known of a product; the tiles that print it follow."""
    fields = product_fields(
        name=name, brand=brand, size=size, content=content, gtin=gtin, gtins=other_gtin, plu=plu,
        category=category, weighed=weighed, perishable=perishable, deposits=deposit, cost=cost,
        on_sale_since=on_sale_since, origin=origin, image=image, facts=facts, clear=clear,
        needed=True,
    )  # fmt: skip
    with connect() as connection:
        path = f"/products/sku:{parse_sku(sku)}"
        done = connection.patch(path, {**fields, "note": note}, version)
    print_json(done) if as_json else say(f"{sku} is changed; {following(done['tiles'])}")


def _row(product: dict[str, Any]) -> tuple[object, ...]:
    price = product["price"] and money(product["price"]["effective"])
    places = ", ".join(product["positions"]) or None
    return product["sku"], product["gtin"], product["name"], product["size"], price, places


def _lines(product: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of a product as lines; what is not known is left out."""
    content, deposits = product["net_content"], product["deposits"]
    lines = [
        ("SKU", product["sku"]),
        ("name", product["name"]),
        ("brand", product["brand"]),
        ("size", product["size"]),
        ("net content", content and f"{content['thousandths'] / 1000:g} {content['measure']}"),
        ("GTIN", product["gtin"]),
        ("other GTINs", ", ".join(product["gtins"])),
        ("PLU", product["plu"]),
        ("category", product["category"]),
        ("sold by weight", "yes" if product["weighed"] else ""),
        ("perishable", "yes" if product["perishable"] else ""),
        ("deposit", ", ".join(f"{d['jurisdiction']} {money(d['deposit'])}" for d in deposits)),
        ("cost", product["cost"] and money(product["cost"])),
        ("on sale since", product["on_sale_since"]),
        ("origin", product["origin"]),
        ("image", product["image"]),
        ("facts", product["facts"]),
        ("price", product["price"] and money(product["price"]["effective"])),
        ("hangs at", ", ".join(product["positions"])),
        ("revision", str(product["revision"])),
    ]
    return [(name, value) for name, value in lines if value]
