"""The process that makes a PDF: `python -I printer.py`, JSON in, PDF out. It knows nothing of Fobwatch.

Typst keeps what it has laid out in memory, some hundred megabytes for a long document. In a process of its own that is
given back at once, and a document that never ends can be stopped.

in:  {"layout": "source text", "data": "JSON text", "size": "usual"}
out: the PDF; or nothing, its reason as an error, and 3 as the exit code.
"""

import json
import sys
from pathlib import Path

import font_source_sans_pro
import typst

FAILED = 3


def compiled(layout: str, data: str, size: str) -> bytes:
    """A PDF of the data as the layout has it. Raises typst.TypstError where the layout fails."""
    folder = Path(font_source_sans_pro.__file__).parent / "files"
    # Nothing of the machine's own fonts gets into a document.
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
    inputs = {"data": data, "size": size}
    made = typst.compile(layout.encode(), format="pdf", pdf_standards=["ua-1"], font_paths=fonts, sys_inputs=inputs)
    return bytes(made)


def main() -> int:
    """Read the order, write the PDF."""
    order = json.loads(sys.stdin.buffer.read())
    try:
        made = compiled(order["layout"], order["data"], order["size"])
    except typst.TypstError as wrong:
        sys.stderr.write(str(wrong))
        return FAILED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
