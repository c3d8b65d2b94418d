"""Workbooks, written with openpyxl: types of cells, several sheets, merged cells, and what Excel does to values."""

import datetime
import io

import openpyxl
from openpyxl.styles import Font

HEAD = ["Nama", "No HP", "Alamat"]
SITI = {"name": "Siti Rahayu", "phone": "+6281234567801", "address": "Jl. Kaliurang km 5"}
ROW = ["Siti Rahayu", "081234567801", "Jl. Kaliurang km 5"]


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*rows) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return book


def xlsx(name: str, book: openpyxl.Workbook, **expected) -> dict:
    return {"name": name, "file": saved(book), **expected}


def cell(name: str, heading: str, value, field: str, read, format: str | None = None, **expected) -> dict:
    """A customer whose cell under the heading is read so."""
    book = workbook([*HEAD, heading], ROW)
    target = book.active.cell(row=2, column=4)
    target.value = value
    if format:
        target.number_format = format
    return xlsx(name, book, created=1, values={2: {**SITI, field: read}}, **expected)


def titled() -> openpyxl.Workbook:
    book = workbook(["DATA PELANGGAN PT MAJU"], [None], HEAD, ROW)
    book.active.merge_cells("A1:C1")
    book.active["A1"].font = Font(bold=True, size=16)
    return book


def merged_village() -> openpyxl.Workbook:
    book = workbook(["Wilayah", *HEAD], ["Ngaglik", *ROW], [None, "Budi", "081234567802", "Jl. B"])
    book.active.merge_cells("A2:A3")
    return book


def with_instructions() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = "Petunjuk"
    book.active.append(["Isi lembar Data. Jangan ubah judul kolom."])
    data = book.create_sheet("Data")
    data.append(HEAD)
    data.append(ROW)
    return book


def with_hidden_list() -> openpyxl.Workbook:
    book = workbook(HEAD, ROW)
    hidden = book.create_sheet("Daftar")
    for row in (["Nama", "No HP", "Alamat", "Paket", "Status"], ["x", "y", "z", "H5", "aktif"]):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    return book


def per_village() -> openpyxl.Workbook:
    book = workbook(HEAD, ROW)
    book.active.title = "RT 1"
    other = book.create_sheet("RT 2")
    for row in (HEAD, ["Budi", "081234567802", "Jl. B"], ["Ani", "081234567803", "Jl. C"]):
        other.append(row)
    return book


def empty_first_sheet() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    data = book.create_sheet("Pelanggan")
    data.append(HEAD)
    data.append(ROW)
    return book


def beside_a_table() -> openpyxl.Workbook:
    """The table begins in the third column and the fifth row."""
    book = openpyxl.Workbook()
    page = book.active
    for column, (heading, value) in enumerate(zip(HEAD, ROW), start=3):
        page.cell(row=5, column=column, value=heading)
        page.cell(row=6, column=column, value=value)
    return book


def with_total() -> openpyxl.Workbook:
    book = workbook([*HEAD, "Iuran"], [*ROW, 150000], ["Budi", "081234567802", "Jl. B", 150000])
    book.active.append(["TOTAL", None, None, "=SUM(D2:D3)"])
    return book


def from_1904() -> openpyxl.Workbook:
    book = workbook([*HEAD, "ODP"], [*ROW, None])
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["D2"] = datetime.datetime(2026, 3, 12)
    return book


def with_comment_and_filter() -> openpyxl.Workbook:
    book = workbook(HEAD, ROW)
    book.active["A2"].comment = openpyxl.comments.Comment("lama", "admin")
    book.active.auto_filter.ref = "A1:C2"
    book.active.row_dimensions[2].hidden = True
    return book


XLSX_CASES = [
    xlsx("a plain workbook", workbook(HEAD, ROW), created=1, values={2: SITI}),
    xlsx("a merged title", titled(), created=1, skipped=1, values={4: SITI}),
    xlsx("a village merged over its rows", merged_village(), created=2, values={2: {"area": "Ngaglik"}, 3: {"area": None}}),
    xlsx("a sheet of instructions", with_instructions(), created=1, other_sheets=["Petunjuk"], values={2: SITI}),
    xlsx("a hidden sheet with more columns", with_hidden_list(), created=1, values={2: SITI}),
    xlsx("a sheet per village: the longest", per_village(), created=2, other_sheets=["RT 1"]),
    xlsx("a sheet per village: the chosen one", per_village(), mapping={"sheet": "RT 1"}, created=1, other_sheets=["RT 2"], values={2: SITI}),
    xlsx("an empty first sheet", empty_first_sheet(), created=1, values={2: SITI}),
    xlsx("a table in the middle of the sheet", beside_a_table(), created=1, values={6: SITI}),
    xlsx("a total as a formula", with_total(), created=2, skipped=1, ignored=["Iuran"]),
    xlsx("comments, a filter and a hidden row", with_comment_and_filter(), created=1, values={2: SITI}),
    xlsx("a workbook of nothing", openpyxl.Workbook(), refused=["invalid_fields", "unreadable_file"]),
    # Types of cells
    xlsx("a phone number as a number", workbook(HEAD, ["Siti Rahayu", 81234567801, "Jl. Kaliurang km 5"]), created=1, values={2: SITI}),
    xlsx("a phone number with country code as a number", workbook(HEAD, ["Siti Rahayu", 6281234567801, "Jl. Kaliurang km 5"]), created=1, values={2: SITI}),
    cell("an identity number as a text", "NIK", "3404384937396401", "nik", "••••••••••••6401"),
    cell("an identity number as a number", "NIK", 3404384937396401, "nik", None, warnings=[(2, "digits_lost")]),
    cell("an identity number shown as 0", "NIK", 3404384937396401, "nik", None, "0", warnings=[(2, "digits_lost")]),
    cell("a number of a house that became a date", "ODP", datetime.date(2026, 12, 3), "odp", None, "d-mmm", warnings=[(2, "cell_is_date")]),
    cell("a splitter 1:8 that became a time", "ODP", datetime.time(1, 8), "odp", None, "h:mm", warnings=[(2, "cell_is_date")]),
    xlsx("a date of a workbook that counts from 1904", from_1904(), created=1, warnings=[(2, "cell_is_date")], values={2: SITI}),
    cell("a duration", "ODP", datetime.timedelta(hours=26), "odp", None, "[h]:mm", warnings=[(2, "cell_is_date")]),
    cell("coordinates as a text", "Koordinat", "-7.7101, 110.4075", "coordinates", "-7.7101, 110.4075"),
    xlsx("coordinates as numbers", workbook([*HEAD, "Lintang", "Bujur"], [*ROW, -7.7101, 110.4075]), created=1, values={2: {**SITI, "coordinates": "-7.7101, 110.4075"}}),
    cell("a truth value in the notes", "Catatan", True, "notes", "TRUE"),
    cell("an error of a formula", "Catatan", "#REF!", "notes", None),
    cell("a whole number in the notes", "Catatan", 12, "notes", "12"),
    cell("a fraction in the notes", "Catatan", 0.1, "notes", "0.1"),
    cell("a formula that was never calculated", "Catatan", "=A2", "notes", None),
    cell("line breaks within a cell", "Catatan", "satu\ndua", "notes", "satu\ndua"),
    cell("an emoji", "Catatan", "ramah 🙂", "notes", "ramah 🙂"),
    cell("an account number of seventeen digits", "ID Pelanggan", 12345678901234567, "phone", "+6281234567801", warnings=[]) | {"created": 0, "rejected": 1, "problems": {2: "digits_lost"}, "values": {}},
    {
        "name": "items of a warehouse",
        "kind": "inventory",
        "file": saved(workbook(["Kode", "Nama", "Satuan", "Stok awal", "Harga"], ["DW3", "Kabel", "meter", 1250, 1500], ["TG3", "Tang", "pcs", 2.5, 1000])),
        "created": 1,
        "rejected": 1,
        "problems": {3: "not_whole"},
        "values": {2: {"opening_stock": "1250"}},
    },
]
