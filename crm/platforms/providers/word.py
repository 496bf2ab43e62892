"""The Word file: real headings and lists, its language declared, so that it can be read aloud, searched and written on."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from crm.platforms.providers.printed import Block, Printed, Words


def write(text: Printed) -> bytes:
    """The text as a .docx file."""
    document = Document()
    _set_fonts(document, text.language)
    document.core_properties.title, document.core_properties.author = text.title, text.owner
    document.core_properties.language = text.language
    document.add_paragraph(text.owner).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_heading(text.title, level=1).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(text.facts).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for paragraph in text.intro:
        document.add_paragraph().add_run(paragraph).italic = True
    for plank in text.planks:
        if plank.section:
            document.add_heading(plank.section, level=2).alignment = WD_ALIGN_PARAGRAPH.CENTER
        document.add_heading(f"{plank.number}. {plank.title}", level=3)
        for paragraph in plank.paragraphs:
            document.add_paragraph(paragraph)
        if plank.outcome:
            outcome = document.add_paragraph().add_run(plank.outcome)
            outcome.font.size, outcome.font.color.rgb = Pt(10), RGBColor(0x50, 0x50, 0x50)
    for group in text.lists:
        document.add_heading(group.heading, level=2)
        for name in group.names:
            document.add_paragraph(name, style="List Bullet")
    for block in text.body:
        _WRITERS[block.kind](document, block)
    for note in text.notes:
        document.add_paragraph().add_run(note).font.size = Pt(9)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _heading(document: Any, block: Block) -> None:
    _say(document.add_heading(level=block.level), block.lines[0])


def _paragraph(document: Any, block: Block) -> None:
    _say(document.add_paragraph(), block.lines[0])


def _list(document: Any, block: Block) -> None:
    for line in block.lines:
        _say(document.add_paragraph(style="List Bullet"), line)


def _numbered(document: Any, block: Block) -> None:
    """The numbers are written out: Word would count on through all lists of the file."""
    for n, line in enumerate(block.lines, 1):
        _say(document.add_paragraph(style="List Paragraph"), [(f"{n}. ", False), *line])


def _rule(document: Any, _block: Block) -> None:
    document.add_paragraph().add_run("_" * 40).font.size = Pt(9)


def _table(document: Any, block: Block) -> None:
    table = document.add_table(rows=0, cols=block.across, style="Table Grid")
    for start in range(0, len(block.lines), block.across):
        for cell, line in zip(table.add_row().cells, block.lines[start : start + block.across], strict=True):
            _say(cell.paragraphs[0], line)
    if table.rows:  # the heads, said again on every page and by a screen reader
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:tblHeader"), {}))


_WRITERS = {"heading": _heading, "paragraph": _paragraph, "list": _list, "numbered": _numbered, "rule": _rule, "table": _table}


def _say(paragraph: Any, words: Words) -> None:
    for piece, is_strong in words:
        paragraph.add_run(piece).bold = is_strong or None


def _set_fonts(document: Any, language: str) -> None:
    """Black serif headings instead of Word's blue ones, a font for Chinese, and the language of every word."""
    for name, size in (("Normal", 11.5), ("Heading 1", 26), ("Heading 2", 13), ("Heading 3", 15)):
        style = document.styles[name]
        style.font.name, style.font.size = "Georgia", Pt(size)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
        fonts.set(qn("w:hAnsi"), "Georgia")
        fonts.set(qn("w:eastAsia"), "SimSun")
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
    language_of = document.styles["Normal"].element.get_or_add_rPr()
    tag = language_of.makeelement(qn("w:lang"), {qn("w:val"): language, qn("w:eastAsia"): "zh-CN" if language == "zh" else language})
    language_of.append(tag)
