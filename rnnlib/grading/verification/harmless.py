"""Nothing that a student wrote or displayed runs in the browser of who grades it.

The formgrader shows a submission on a page from which grades can be entered. A script in an
output, in a written answer or in a raw cell would run there with the instructor's rights, so what
could hold one is left out, or shown as it was typed. What is known to be harmless stays: text,
pictures, tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any

TAGS = """a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub
    summary sup table tbody td tfoot th thead tr tt u ul var"""
ATTRIBUTES = "align alt border colspan dir height lang open rowspan scope start title width"
CLASSES = re.compile(r"(dataframe|highlight|hll|anchor-link|language-[\w+#.-]+|[a-z]{1,2}\d?)$")
"""Of tables and of coloured code. The formgrader's page acts on clicks by the class."""

HEADINGS = "h1 h2 h3 h4 h5 h6"
PAGE = "notebook notebook-container statusmessage toggle_names main-table"
"""Names on the formgrader's page, beside those of the cells, by which it finds a score's field."""

STYLES = """align-items background background-color border border-bottom border-collapse
    border-left border-radius border-right border-top color display font-family font-size font-style
    font-weight height line-height list-style margin margin-bottom margin-left margin-right
    margin-top max-height max-width min-width overflow padding padding-bottom padding-left
    padding-right padding-top text-align text-decoration vertical-align white-space width"""
LINK = re.compile(r"(https?://|mailto:|#)|(?!//)[\w./-]*(#[\w.-]*)?$")
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$")
MATH = re.compile(r"\\(href|style|class|cssId|require|html\w*|data)\b")
"""What lets a formula do more than be shown."""

BEGUN = re.compile(r"<[a-zA-Z/!?]")
LONG = 20_000
"""Characters of Markdown that are read; some texts take a time that grows with the square."""

BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*$")
PICTURES = ("image/png", "image/jpeg", "image/gif")
LEFT_OUT = "(an output that could run a program in the browser was left out)"


def harmless_output(output: Any) -> Any:
    """The same output without what could run in a browser; nothing else is changed."""
    if output.output_type not in ("display_data", "execute_result"):
        return output
    output.metadata = _sizes(output.metadata)
    kept = {
        kind: value
        for kind, value in output.data.items()
        if isinstance(value, str) and kind in SAFE and SAFE[kind](value)
    }
    output.data = kept or {"text/plain": LEFT_OUT}
    return output


def make_harmless(notebook: Any) -> None:
    """Show what was typed as text, where it could run in a browser."""
    taken = _taken(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            continue
        pasted = cell.get("attachments") or {}
        if cell.cell_type == "raw" or not _is_harmless_markdown(cell.source, taken, pasted):
            cell.cell_type = "markdown"
            longest = max(map(len, re.findall(r"`+", cell.source)), default=0)
            fence = "`" * max(3, longest + 1)
            cell.source = f"{fence}\n{cell.source}\n{fence}"


def _taken(notebook: Any) -> frozenset[str]:
    """The names of the parts of the formgrader's page; the name of a heading is its text."""
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells}
    parts = {f"{cell}{part}" for cell in cells for part in ("", "-comment", "_extra_credit")}
    return frozenset({*parts, *PAGE.split()})


def _is_harmless_markdown(
    source: str,
    taken: Collection[str] | None = None,
    pasted: Mapping[str, Any] = MappingProxyType({}),
) -> bool:
    """Whether nbgrader's pages can show it.

    Args:
        source: Markdown.
        taken: The names that no heading may have; None where there may be none with a name.
        pasted: The pictures that were pasted into the cell.
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    if len(source) > LONG:
        return False
    renderer = IPythonRenderer(escape=False, attachments=dict(pasted))
    try:
        page = MarkdownWithMath(renderer=renderer).render(source)
    except Exception:  # a picture that is not there, say: no page of nbgrader would open
        return False
    return _is_harmless_html(page, taken)


def _is_harmless_html(text: str, taken: Collection[str] | None = None) -> bool:
    """Whether it holds only what is on the lists, in a form in which no browser sees more."""
    reader = _Reader(taken)
    try:
        reader.feed(text)
        if BEGUN.search(reader.rawdata):  # a tag that is not closed; many of them are slow to read
            return False
        reader.close()
    except Exception:  # whatever the parser stumbles over
        return False
    return reader.harmless and not MATH.search(text)


class _Reader(HTMLParser):
    """Looks for anything that is not on the lists."""

    def __init__(self, taken: Collection[str] | None) -> None:
        super().__init__(convert_charrefs=True)
        self.taken = taken
        self.harmless = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {value for name, value in attrs if name == "id"}
        if names:
            heading = tag in HEADINGS.split()
            self.harmless &= heading and self.taken is not None and not names & {*self.taken}
        self.harmless &= tag in TAGS.split() and all(
            _is_harmless_attribute(*each) for each in attrs if each[0] != "id"
        )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.harmless &= tag in TAGS.split()

    def handle_comment(self, data: str) -> None:
        self.harmless = False

    def handle_decl(self, decl: str) -> None:
        self.harmless = False

    def handle_pi(self, data: str) -> None:
        self.harmless = False

    def unknown_decl(self, data: str) -> None:
        self.harmless = False


def _is_harmless_attribute(name: str, value: str | None) -> bool:
    value = (value or "").strip()
    if name == "href":
        return bool(LINK.match(value))
    if name == "src":
        return bool(PICTURE.match(value))
    if name == "style":
        entries = [entry.partition(":") for entry in value.split(";") if entry.strip()]
        return all(
            name.strip().lower() in STYLES.split() and not set("(\\@<") & set(setting)
            for name, _, setting in entries
        )
    if name == "class":
        return all(CLASSES.match(each) for each in value.split())
    return name in ATTRIBUTES.split()


def _sizes(metadata: Any) -> dict[str, dict[str, int]]:
    """Of the metadata of an output, the sizes of its pictures."""
    sizes = {}
    for kind in PICTURES:
        about = metadata.get(kind) if isinstance(metadata, Mapping) else None
        if isinstance(about, Mapping):
            sizes[kind] = {k: about[k] for k in ("width", "height") if type(about.get(k)) is int}
    return sizes


SAFE: dict[str, Callable[[str], bool]] = {
    "text/plain": lambda text: True,
    "text/html": _is_harmless_html,
    "text/markdown": _is_harmless_markdown,
    "text/latex": lambda text: "<" not in text and not MATH.search(text),
    **dict.fromkeys(PICTURES, lambda text: bool(BASE64.match(text))),
}
"""What is kept of an output, if it is a text of which this holds."""
