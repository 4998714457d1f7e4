"""PDF: its pages, without who made them with what, without attached files, and with its photos stripped too."""

from io import BytesIO

import pikepdf

from app.infra.copies.edits import Unstrippable
from app.infra.copies.picture import strip_jpeg

HIDDEN = ("/Metadata", "/PieceInfo", "/LastModified")
OF_THE_WHOLE = ("/Metadata", "/PieceInfo", "/AF", "/Collection", "/OpenAction", "/AA")


def strip_pdf(data: bytes) -> bytes:
    """The same pages, written anew."""
    try:
        with pikepdf.open(BytesIO(data)) as paper:
            return _stripped(paper)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError):
        raise Unstrippable from None


def _stripped(paper: pikepdf.Pdf) -> bytes:
    _without(paper.Root, *OF_THE_WHOLE)
    if "/Names" in paper.Root:
        _without(paper.Root.Names, "/EmbeddedFiles", "/JavaScript")
    if "/Info" in paper.trailer:
        del paper.trailer["/Info"]
    for each in paper.objects:
        _strip(each)
    out = BytesIO()
    paper.save(out, static_id=True)
    return out.getvalue()


def _without(each: pikepdf.Object, *names: str) -> None:
    for name in names:
        if name in each:
            del each[name]


def _strip(each: pikepdf.Object) -> None:
    if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        return
    _without(each, *HIDDEN)
    if each.get("/Type") == "/Filespec" or each.get("/Subtype") == "/FileAttachment":
        _without(each, "/EF", "/FS")
    if isinstance(each, pikepdf.Stream) and each.get("/Filter") == "/DCTDecode":
        each.write(strip_jpeg(each.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
