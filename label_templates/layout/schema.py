"""The schema of the markup, for editors: RELAX NG, made of the table of elements.

It describes a template once Jinja2 has filled it. Language: ISO/IEC 19757-2.
"""

from xml.sax.saxutils import escape, quoteattr

from label_templates.layout.attributes import Attribute
from label_templates.layout.elements import ELEMENTS, OUTERMOST, Element

_HEAD = (
    '<grammar xmlns="http://relaxng.org/ns/structure/1.0"'
    ' xmlns:a="http://relaxng.org/ns/compatibility/annotations/1.0"'
    ' datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">'
)
_NAME = '<optional><attribute name="name"/></optional>'


def relax_ng() -> str:
    """Return the schema as one XML document."""
    inner = "".join(f"<ref name={quoteattr(tag)}/>" for tag in ELEMENTS if tag != OUTERMOST)
    choices = f'<define name="inner"><zeroOrMore><choice>{inner}</choice></zeroOrMore></define>'
    start = f"<start><ref name={quoteattr(OUTERMOST)}/></start>"
    defined = "\n".join(_element(tag, element) for tag, element in ELEMENTS.items())
    return f"{_HEAD}\n{start}\n{choices}\n{defined}\n</grammar>\n"


def _element(tag: str, element: Element) -> str:
    name = quoteattr(tag)
    attributes = "\n".join(map(_attribute, element.all_attributes))
    content = {"elements": '<ref name="inner"/>', "text": "<text/>", "nothing": "<empty/>"}
    said = _documentation(element.meaning)
    return (
        f"<define name={name}><element name={name}>{said}\n"
        f"{_NAME}\n{attributes}\n{content[element.holds]}</element></define>"
    )


def _attribute(attribute: Attribute) -> str:
    pattern = (
        f'<data type="string"><param name="pattern">{escape(attribute.pattern)}</param></data>'
    )
    name, said = quoteattr(attribute.name), _documentation(attribute.meaning)
    return f"<optional><attribute name={name}>{said}{pattern}</attribute></optional>"


def _documentation(text: str) -> str:
    return f"<a:documentation>{escape(text)}</a:documentation>"
