"""Presentations: slides, also hidden ones, their notes, comments, masters and properties."""

import re
import zipfile

from disclosures.extraction.markup import Attributes, walk
from disclosures.extraction.output import Output
from disclosures.extraction.word import Paragraphs, read_everything

_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_NOTES = re.compile(r"ppt/notesSlides/notesSlide(\d+)\.xml")
_OTHERS = (
    (re.compile(r"ppt/comments/[^/]+\.xml"), "comment"),
    (re.compile(r"ppt/(?:slideMasters|slideLayouts|notesMasters|handoutMasters)/[^/]+\.xml"), "master"),
    (re.compile(r"ppt/(?:charts|diagrams)/[^/]+\.xml"), "drawing"),
    (re.compile(r"docProps/[^/]+\.xml|ppt/(?:commentAuthors|authors)\.xml|customXml/item\d+\.xml"), "property"),
)


class Slide(Paragraphs):
    """The text of a slide, and whether it is shown."""

    is_hidden = False

    def start(self, name: str, attributes: Attributes) -> None:
        """The slide itself says whether it is hidden."""
        if name == "sld":
            self.is_hidden = attributes.get("show") in ("0", "false")
        super().start(name, attributes)


def read_presentation(archive: zipfile.ZipFile, output: Output) -> None:
    """Slides by their numbers, notes, then the rest."""
    names = archive.namelist()
    for pattern, kind in ((_SLIDE, "slide"), (_NOTES, "slide_notes")):
        numbered = sorted((int(match[1]), match[0]) for match in map(pattern.fullmatch, names) if match)
        for number, name in numbered:
            slide = Slide()
            walk(archive, name, slide, output)
            output.part(kind, slide.text(), number=number, is_hidden=slide.is_hidden)
            output.progress(number, len(numbered))
    for pattern, kind in _OTHERS:
        for name in sorted(filter(pattern.fullmatch, names)):
            read_everything(archive, name, kind, output)
