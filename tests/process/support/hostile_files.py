"""Makes two hundred and some files that mean harm, or have come to harm, out of good minutes.

Usage: hostile_files.py SAMPLES FOLDER

SAMPLES has protokoll-2024-03-12 in all formats. What is random comes from one seed: the same files every time. A file's
name begins with what is wrong with it.
"""
import gzip
import io
import random
import struct
import sys
import zipfile
import zlib
from pathlib import Path

samples, folder = Path(sys.argv[1]), Path(sys.argv[2])
name = "protokoll-2024-03-12"
good = {ending: (samples / f"{name}.{ending}").read_bytes() for ending in ("docx", "odt", "pdf", "html", "txt", "md")}
BOMB = 150 << 20  # bytes that a file of some kilobytes unpacks to
chance = random.Random(20240312)


def put(what, content):
    (folder / what).write_bytes(content)


# ---- files that have come to harm ----------------------------------------------------------------------------------


def truncated():
    for ending, content in good.items():
        for part in range(1, 10):
            put(f"cut-{part}.{ending}", content[: len(content) * part // 10])


def flipped():
    for ending in ("docx", "odt", "pdf", "html"):
        for number in range(12):
            content = bytearray(good[ending])
            for _ in range(1 << (number // 2)):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            put(f"flipped-{number}.{ending}", bytes(content))


def misnamed():
    endings = list(good)
    for ending, content in good.items():
        for other in endings:
            if other != ending:
                put(f"is-{ending}.{other}", content)
    put("gzip.txt", gzip.compress(good["txt"]))
    put("gzip.docx", gzip.compress(good["docx"]))
    put("program.docx", b"\x7fELF" + bytes(range(256)) * 40)
    put("program.pdf", b"MZ" + bytes(range(256)) * 40)
    put("word97.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    put("empty.docx", b"")
    put("empty.pdf", b"")
    put("empty.html", b"")
    put("one-byte.docx", b"P")
    put("one-byte.pdf", b"%")


# ---- packages ------------------------------------------------------------------------------------------------------


def parts_of(ending):
    with zipfile.ZipFile(io.BytesIO(good[ending])) as package:
        return {part: package.read(part) for part in package.namelist()}


def package(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for part, content in parts:
            made.writestr(part, content)
    return out.getvalue()


def docx_with(document, **more):
    parts = parts_of("docx")
    parts["word/document.xml"] = document
    parts.update(more)
    return package(parts.items())


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body, before=""):
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {WORD}><w:body>{body}</w:body></w:document>'.encode()


def packages():
    docx, odt = parts_of("docx"), parts_of("odt")
    zeros = bytes(BOMB)
    put("bomb-document.docx", docx_with(zeros))
    put("bomb-styles.docx", package({**docx, "word/styles.xml": zeros}.items()))
    put("bomb-content.odt", package({**odt, "content.xml": zeros}.items()))
    put("bomb-beside.docx", package({**docx, "word/media/bild.png": zeros}.items()))
    inner = package([("a", zeros[: 64 << 20])])
    for _ in range(4):
        inner = package([(f"{number}.zip", inner) for number in range(8)])
    put("bomb-nested.docx", package({**docx, "word/embeddings/a.zip": inner}.items()))
    put("entries-20000.docx", package([*docx.items(), *((f"word/{n}", b"") for n in range(20000))]))
    put("no-document.docx", package((k, v) for k, v in docx.items() if k != "word/document.xml"))
    put("no-content.odt", package((k, v) for k, v in odt.items() if k != "content.xml"))
    put("no-relations.docx", package((k, v) for k, v in docx.items() if not k.endswith(".rels")))
    put("outside.docx", package([*docx.items(), ("../../../../etc/passwd", b"x"), ("/etc/passwd", b"x")]))
    put("twice.docx", package([*docx.items(), ("word/document.xml", word("<w:p/>"))]))
    put("macros.docm", package({**docx, "word/vbaProject.bin": bytes(range(256)) * 100}.items()))
    put("macros.docx", package({**docx, "word/vbaProject.bin": bytes(range(256)) * 100}.items()))
    put("stored.docx", package(docx.items(), zipfile.ZIP_STORED))
    put("sheet.xlsx", package([("xl/workbook.xml", b"<workbook/>")]))
    put("only-directory.docx", package([])[:22])
    encrypted = bytearray(good["docx"])
    for at in range(len(encrypted) - 4):
        if encrypted[at : at + 4] in (b"PK\x03\x04", b"PK\x01\x02"):
            encrypted[at + (6 if encrypted[at + 2] == 3 else 8)] |= 1
    put("encrypted.docx", bytes(encrypted))
    huge = bytearray(good["docx"])
    at = huge.find(b"PK\x01\x02")
    huge[at + 20 : at + 28] = struct.pack("<II", 0xFFFFFFFE, 0xFFFFFFFE)
    put("sizes-that-lie.docx", bytes(huge))


def markup():
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    put("laughs.docx", docx_with(word("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", f'<!DOCTYPE d [<!ENTITY a0 "ha">{laughs}]>')))
    entity = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    put("entity-file.docx", docx_with(word("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", entity)))
    parameter = '<!DOCTYPE d [<!ENTITY % e SYSTEM "http://127.0.0.1:9/e"> %e;]>'
    put("entity-network.docx", docx_with(word("<w:p/>", parameter)))
    put("deep.docx", docx_with(word("<w:sdt><w:sdtContent>" * 50000)))
    tables = "<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000
    put("tables-in-tables.docx", docx_with(word(tables)))
    put("runs.docx", docx_with(word("<w:p>" + "<w:r><w:t>x</w:t></w:r>" * 300000 + "</w:p>")))
    put("paragraphs.docx", docx_with(word("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 300000)))
    put("attribute.docx", docx_with(word(f'<w:p w:a="{"x" * (12 << 20)}"/>')))
    put("names.docx", docx_with(word("".join(f"<w:e{n}/>" for n in range(100000)))))
    put("not-xml.docx", docx_with(b"\xff\xfe\x00" * 1000))
    put("latin1.docx", docx_with(word("<w:p><w:r><w:t>å</w:t></w:r></w:p>").replace("å".encode(), b"\xe5")))
    put("utf16.docx", docx_with(word("<w:p/>").decode().replace("UTF-8", "UTF-16").encode("utf-16")))
    put("no-root.docx", docx_with(b'<?xml version="1.0"?>'))
    put("wrong-root.docx", docx_with(b"<html><body>Protokoll</body></html>"))
    cycle = "".join(f'<w:style w:type="paragraph" w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in ("AB", "BA"))
    body = '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Protokoll</w:t></w:r></w:p>'
    styles = {"word/styles.xml": f"<w:styles {WORD}>{cycle}</w:styles>".encode()}
    put("styles-in-a-ring.docx", docx_with(word(body), **styles))
    level = '<w:p><w:pPr><w:numPr><w:ilvl w:val="-2147483648"/><w:numId w:val="99999999999"/></w:numPr></w:pPr></w:p>'
    put("levels.docx", docx_with(word(level * 100)))
    odt = parts_of("odt")
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    for what, inside in (
        ("spaces", '<text:p><text:s text:c="2147483647"/></text:p>'),
        ("repeated", '<text:p><text:s text:c="-1"/></text:p>' * 1000),
        ("lists", "<text:list><text:list-item>" * 20000),
    ):
        content = f"<office:document-content {office}><office:body><office:text>{inside}"
        content += "" if what == "lists" else "</office:text></office:body></office:document-content>"
        put(f"{what}.odt", package({**odt, "content.xml": content.encode()}.items()))


# ---- PDF -----------------------------------------------------------------------------------------------------------


def pdf(objects, trailer=b""):
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(content, entries=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def page_of(content, resources=b"/Font << /F 5 0 R >>", box=b"0 0 595 842", more=()):
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (box, resources),
            content,
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *more,
        ]
    )


def portable():
    text = b"BT /F 12 Tf 72 700 Td (Protokoll) Tj ET"
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    put("pages-in-a-ring.pdf", pdf([catalog, b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"]))
    put("pages-that-lie.pdf", pdf([catalog, b"<< /Type /Pages /Count 2147483647 /Kids [] >>"]))
    put("pages-none.pdf", pdf([catalog, b"<< /Type /Pages /Count 0 /Kids [] >>"]))
    put("no-pages.pdf", pdf([b"<< /Type /Catalog >>"]))
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(3000))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    put("pages-3000.pdf", pdf([catalog, b"<< /Type /Pages /Count 3000 /Kids [%s] >>" % kids, *[page] * 3000]))
    put("no-text.pdf", page_of(stream(b"")))
    put("large-page.pdf", page_of(stream(text), box=b"0 0 1e9 1e9"))
    put("page-without-size.pdf", page_of(stream(text), box=b"0 0 0 0"))
    put("page-that-is-not.pdf", page_of(stream(text), box=b"nan inf 1e400 -1e400"))
    put("no-font.pdf", page_of(stream(text), resources=b""))
    put("font-that-is-not.pdf", page_of(stream(text), resources=b"/Font << /F 99 0 R >>"))
    broken = stream(bytes(chance.randrange(256) for _ in range(4000)), b"/Length1 4000")
    described = (b"<< /Type /FontDescriptor /FontName /X /FontFile2 7 0 R /Flags 4 >>", broken)
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 6 0 R >>"
    made = page_of(stream(text), more=described)
    put("font-that-is-broken.pdf", made.replace(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", font))
    map_of = stream(b"begincmap 1 beginbfrange <0000> <FFFF> <0041> endbfrange " * 3000)
    put("map-of-letters.pdf", page_of(stream(text), more=(map_of,)).replace(b"/Helvetica", b"/X /ToUnicode 6 0 R"))
    put("bomb-stream.pdf", page_of(stream(zlib.compress(bytes(BOMB)), b"/Filter /FlateDecode")))
    nested = zlib.compress(zlib.compress(zlib.compress(b" " * BOMB)))
    put("bomb-filters.pdf", page_of(stream(nested, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]")))
    put("filters-1000.pdf", page_of(stream(text, b"/Filter [%s]" % (b"/ASCIIHexDecode " * 1000))))
    put("letters.pdf", page_of(stream(b"BT /F 12 Tf " + b"1 0 Td (x) Tj " * 300000 + b"ET")))
    put("arrays.pdf", page_of(stream(b"[" * 200000)))
    put("dictionaries.pdf", pdf([catalog, b"<< /A " * 100000]))
    put("saved-states.pdf", page_of(stream(b"q " * 500000 + text)))
    form = stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>")
    put("form-in-itself.pdf", page_of(stream(b"/X Do"), b"/XObject << /X 6 0 R >>", more=(form,)))
    image = stream(b"x", b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8")
    put("large-picture.pdf", page_of(stream(b"/X Do"), b"/XObject << /X 6 0 R >>", more=(image,)))
    script = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while(true){}) >> >>"
    put("script.pdf", page_of(stream(text)).replace(catalog, script))
    put("length-that-lies.pdf", page_of(stream(text).replace(b"/Length 39", b"/Length 999999999")))
    put("length-below-zero.pdf", page_of(stream(text).replace(b"/Length 39", b"/Length -1")))
    put("before-in-a-ring.pdf", page_of(stream(text)).replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"))
    put("no-table.pdf", page_of(stream(text)).replace(b"xref", b"xxxx"))
    put("no-end.pdf", page_of(stream(text))[:-40])
    put("only-head.pdf", b"%PDF-1.7\n")
    key = b"/Encrypt << /Filter /Standard /V 4 /R 4 /Length 128 /P -1 /O (%s) /U (%s) >> /ID [(a) (a)]" % (b"o" * 32, b"u" * 32)
    put("encrypted.pdf", pdf([catalog, b"<< /Type /Pages /Count 0 /Kids [] >>"], key))
    put("encrypted-nobody-knows-how.pdf", pdf([catalog, b"<< /Kids [] >>"], b"/Encrypt << /Filter /X /V 99 >>"))
    put("encrypted-by-word.pdf", (samples / "losenord-2024-03-12.pdf").read_bytes())


# ---- web pages and text --------------------------------------------------------------------------------------------


def pages():
    put("elements.html", b"<div>" * 200000)
    put("bold.html", b"<b><i>" * 20000 + b"Protokoll")
    put("attribute.html", b'<p class="' + b"x" * (4 << 20) + b'">Protokoll')
    put("attributes.html", b"<p " + b"".join(b"a%d=1 " % n for n in range(100000)) + b">Protokoll")
    put("entities.html", b"<p>" + b"&amp;&#x41;&#99999999999;&nosuch;" * 50000)
    put("null.html", b"<p>Proto\0koll</p>" * 1000)
    put("comment.html", b"<!--" * 100000)
    put("script.html", b"<script>" + b"document.write('<script>');" * 20000)
    put("charset.html", b'<meta charset="utf-7"><p>+ADw-script+AD4-')
    put("charset-nobody-knows.html", b'<meta charset="klingon"><p>\xe5\xe4\xf6')
    put("table.html", b"<table>" + b"<tr><td colspan=1000000 rowspan=1000000>x" * 1000)
    put("tables.html", b"<table><tr><td>" * 20000)
    put("lists.html", b"<ul><li>" * 20000)
    put("frames.html", b'<iframe src="file:///etc/passwd"></iframe><object data="http://127.0.0.1:9/">')


def texts():
    put("one-line.txt", b"Protokoll " * 200000)
    put("lines.txt", b"\n" * 2000000)
    put("paragraph-signs.txt", "§ ".encode() * 300000)
    put("items.txt", "".join(f"§ {n}\nBeslut\n\nBifalls.\n\n" for n in range(1, 30000)).encode())
    put("null.txt", good["txt"].replace(b" ", b"\0", 20))
    put("escapes.txt", good["txt"].replace(b" ", b"\x1b[31m ", 20))
    put("backspaces.txt", good["txt"].replace(b" ", b" x\x08", 200))
    put("right-to-left.txt", good["txt"].replace(b" ", " \u202e".encode(), 20))
    put("accents.txt", ("Protokoll" + "\u0301" * 100000).encode())
    put("invisible.txt", ("P\u200br\u200bo\u200bt\u200bo\u200bkoll " * 5000).encode())
    put("surrogates.txt", good["txt"] + b"\xed\xa0\x80\xed\xb0\x80" * 100)
    put("long-forms.txt", good["txt"] + b"\xc0\xaf\xe0\x80\xaf" * 100)
    put("beyond-unicode.txt", good["txt"] + b"\xf7\xbf\xbf\xbf" * 100)
    put("utf16.txt", good["txt"].decode().encode("utf-16"))
    put("utf32.txt", good["txt"].decode().encode("utf-32"))
    put("latin1.txt", good["txt"].decode().replace("–", "-").encode("latin-1", "replace"))
    put("numbers.txt", ("9" * 1000 + " ja-röster mot " + "9" * 1000 + "\n").encode() * 100)
    put("brackets.txt", b"(" * 300000)
    put("links.md", b"[" * 100000)
    put("quotes.md", b">" * 100000)
    put("stars.md", b"*a **a " * 50000)
    put("lists.md", b"".join(b" " * (2 * n) + b"- x\n" for n in range(500)))


if __name__ == "__main__":
    truncated()
    flipped()
    misnamed()
    packages()
    markup()
    portable()
    pages()
    texts()
    print(len(list(folder.iterdir())))
