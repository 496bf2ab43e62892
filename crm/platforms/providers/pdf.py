"""The PDF file: set by Typst, tagged for screen readers (PDF/UA-1), with the fonts that come along.

Libertinus comes with Typst and has English, Spanish, Vietnamese, Somali and Kreyòl; Noto Sans CJK comes as a package and has Chinese. Nothing
of the machine is used, so that the same text gives the same file everywhere.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from crm.platforms.providers.printed import Printed

LAYOUT = r"""
#let text-of = json(bytes(sys.inputs.text))
#set document(title: text-of.title, author: text-of.owner)
#set page(paper: "us-letter", margin: (x: 1in, top: 1in, bottom: 0.9in), numbering: "1")
#set text(lang: text-of.language, font: ("Libertinus Serif", "Noto Sans CJK TC"), size: 11.5pt, hyphenate: true)
#set par(justify: false, leading: 0.72em, spacing: 1em)
#show heading: set text(weight: "bold", hyphenate: false)
#show heading.where(level: 1): set text(size: 27pt)
#show heading.where(level: 2): set text(size: 13pt, style: "italic", weight: "regular")
#show heading.where(level: 3): set text(size: 15pt)
#let plum = rgb("#6b2d5c")
#align(center)[
  #v(0.4in)
  #text(tracking: 0.04em)[#text-of.owner]
  #v(0.2em)
  #heading(level: 1, text-of.title)
  #text(size: 10.5pt, fill: luma(70))[#text-of.facts]
]
#v(0.8em)
#line(length: 100%, stroke: 1.2pt)
#for paragraph in text-of.intro { par(emph(paragraph)) }
#for plank in text-of.planks {
  if plank.section != "" { v(1em); align(center, heading(level: 2, plank.section)) }
  v(0.9em)
  heading(level: 3)[#text(fill: plum)[#plank.number.] #plank.title]
  for paragraph in plank.paragraphs { par(paragraph) }
  if plank.outcome != "" { par(text(size: 10pt, fill: luma(70))[#plank.outcome]) }
}
#for group in text-of.lists {
  v(1.4em)
  align(center, heading(level: 2, group.heading))
  v(0.3em)
  columns(2, gutter: 2em, list(marker: none, indent: 0pt, body-indent: 0pt, ..group.names.map(name => [#name])))
}
#let said(words) = words.map(piece => {
  let lines = piece.at(0).split("\n").map(line => [#line]).join(linebreak())
  if piece.at(1) { strong(lines) } else { lines }
}).join()
#for block in text-of.body {
  if block.kind == "heading" { v(0.5em); heading(level: block.level, said(block.lines.first())) }
  if block.kind == "paragraph" { par(said(block.lines.first())) }
  if block.kind == "list" { list(..block.lines.map(said)) }
  if block.kind == "numbered" { enum(..block.lines.map(said)) }
  if block.kind == "rule" { v(2.2em); line(length: 45%, stroke: 0.5pt) }
  if block.kind == "table" {
    let cells = block.lines.map(said)
    table(columns: block.across, stroke: (bottom: 0.4pt + luma(150)), table.header(..cells.slice(0, block.across)), ..cells.slice(block.across))
  }
}
#v(1.4em)
#if text-of.notes.len() > 0 { line(length: 100%, stroke: 0.5pt + luma(120)) }
#for note in text-of.notes { par(text(size: 9pt, fill: luma(50), hyphenate: false, note)) }
"""


def write(text: Printed) -> bytes:
    """The text as a tagged PDF file; where a letter is in no font, an untagged one with a box in its place."""
    inputs = {"text": json.dumps(_plain(text), ensure_ascii=False)}
    how = {"sys_inputs": inputs, "font_paths": _fonts(), "ignore_system_fonts": True}
    try:
        return typst.compile(LAYOUT.encode(), pdf_standards=["ua-1"], **how)
    except typst.TypstError:
        return typst.compile(LAYOUT.encode(), **how)


@cache
def _fonts() -> list[str]:
    found = find_spec("cvttf_NotoSansCJK_Regular")
    return [str(Path(found.origin).parent)] if found and found.origin else []


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
