"""Text files: delimiters, encodings, quotation marks, and what people write into cells."""

HEAD = "Nama;No HP;Alamat"
SITI = {"name": "Siti Rahayu", "phone": "+6281234567801", "address": "Jl. Kaliurang km 5"}


def csv(name: str, text: str, encoding: str = "utf-8", **expected) -> dict:
    return {"name": name, "file": text.encode(encoding), **expected}


def one(name: str, heading: str, cell: str, field: str, value, **expected) -> dict:
    """A customer whose cell under the heading is read as the value."""
    text = f"{HEAD};{heading}\nSiti Rahayu;081234567801;Jl. Kaliurang km 5;{cell}\n"
    return csv(name, text, created=1, values={2: {**SITI, field: value}}, **expected)


def phone(name: str, cell: str, value: str, **more) -> dict:
    text = f"{HEAD}\nSiti Rahayu;{cell};Jl. Kaliurang km 5\n"
    return csv(name, text, created=1, values={2: {"phone": value, **more}})


def no_phone(name: str, cell: str, code: str) -> dict:
    text = f"{HEAD}\nSiti Rahayu;{cell};Jl. Kaliurang km 5\nBudi;081234567802;Jl. B\n"
    return csv(name, text, created=1, rejected=1, problems={2: code})


def item(name: str, text: str, **expected) -> dict:
    return {"name": name, "kind": "inventory", "file": text.encode(), **expected}


PLACE = "-7.7101, 110.4075"

CSV_CASES = [
    # Delimiters, encodings, ends of lines
    csv("commas", "Nama,No HP,Alamat\nSiti Rahayu,081234567801,Jl. Kaliurang km 5\n", created=1, values={2: SITI}),
    csv("tabs", "Nama\tNo HP\tAlamat\nSiti Rahayu\t081234567801\tJl. Kaliurang km 5\n", created=1, values={2: SITI}),
    csv("bars", "Nama|No HP|Alamat\nSiti Rahayu|081234567801|Jl. Kaliurang km 5\n", created=1, values={2: SITI}),
    csv("a line that names the delimiter", f"sep=;\n{HEAD}\nSiti Rahayu;081234567801;Jl. Kaliurang km 5\n", created=1, values={3: SITI}),
    csv("UTF-8 with a byte order mark", f"{HEAD}\nJosé;081234567801;Jl. A\n", "utf-8-sig", created=1, values={2: {"name": "José"}}),
    csv("UTF-16 as Excel saves it", f"{HEAD}\nJosé;081234567801;Jl. A\n", "utf-16", created=1, values={2: {"name": "José"}}),
    csv("Windows-1252", f"{HEAD}\nJosé;081234567801;Jl. A\n", "cp1252", created=1, values={2: {"name": "José"}}),
    {
        "name": "one line in another encoding",
        "file": f"{HEAD}\nJosé;081234567801;Jl. A\n".encode() + "René;081234567802;Jl. B\n".encode("cp1252"),
        "created": 2,
        "values": {2: {"name": "José"}, 3: {"name": "René"}},
    },
    csv("ends of lines of an old Mac", f"{HEAD}\rSiti Rahayu;081234567801;Jl. Kaliurang km 5\r", created=1, values={2: SITI}),
    csv("the end-of-file sign of DOS", f"{HEAD}\nSiti Rahayu;081234567801;Jl. Kaliurang km 5\n\x1a", created=1, values={2: SITI}),
    csv("a control character in a cell", f"{HEAD}\nSiti\x07 Rahayu;081234567801;Jl. A\nBudi;081234567802;Jl. B\n", created=1, rejected=1, problems={2: "invalid_text"}),
    # Quotation marks
    csv("a quoted cell with delimiter, line break and mark", f'{HEAD}\nSiti Rahayu;081234567801;"Jl. ""A"" 1;\nRT 2"\nBudi;081234567802;Jl. B\n', created=2, values={4: {"name": "Budi"}}),
    csv("a mark that is never closed", f'{HEAD}\nSiti;081234567801;"Jl. A\nBudi;081234567802;Jl. B\nAni;081234567803;Jl. C\n', created=2, rejected=1, problems={2: "unclosed_quote"}),
    csv("a mark within a text", f'{HEAD}\nSiti;081234567801;Jl. 5" pipa\nBudi;081234567802;Jl. B\n', created=2, values={2: {"address": 'Jl. 5" pipa'}}),
    csv("a mark for inches that begins a cell", f'{HEAD}\n"Warung" Siti;081234567801;Jl. A\nBudi;081234567802;Jl. B\n', created=1, rejected=1, problems={2: "unclosed_quote"}),
    # Rows that are no data
    csv("titles above the headings", f"DATA PELANGGAN;;\nPer November 2026;;\n;;\n{HEAD}\nSiti Rahayu;081234567801;Jl. Kaliurang km 5\n", created=1, skipped=2, values={5: SITI}),
    csv("a total", f"{HEAD};Iuran\nSiti;081234567801;Jl. A;150000\nTOTAL;;;150000\n", created=1, skipped=1, ignored=["Iuran"]),
    csv("a grand total in the second column", f"No;{HEAD};Iuran\n1;Siti;081234567801;Jl. A;150000\n;Jumlah total;;;150000\n", created=1, skipped=1),
    csv("a note below", f"{HEAD}\nSiti;081234567801;Jl. A\nCatatan: dua menunggak;;\n", created=1, skipped=1),
    csv("headings again on each printed page", f"{HEAD}\nSiti;081234567801;Jl. A\n{HEAD}\nBudi;081234567802;Jl. B\n", created=2, skipped=1),
    csv("empty lines between", f"{HEAD}\n\nSiti;081234567801;Jl. A\n;;\n\nBudi;081234567802;Jl. B\n", created=2, values={3: {"name": "Siti"}, 6: {"name": "Budi"}}),
    csv("a person called Total", f"{HEAD}\nTotal Wibowo;081234567801;Jl. A\n", created=1, values={2: {"name": "Total Wibowo"}}),
    csv("a text beyond the headings", f"{HEAD}\nSiti;081234567801;Jl. A;ekstra\nBudi;081234567802;Jl. B\n", created=1, rejected=1, problems={2: "too_many_cells"}),
    csv("nothing but headings", f"{HEAD}\n", created=0),
    csv("an empty file", "", refused=["invalid_fields", "unreadable_file"]),
    csv("headings of something else", "Tanggal;Jumlah\n1;2\n", refused=["invalid_fields", "missing_column"]),
    # Headings
    csv("headings in English, capitals and dots", "FULL NAME;PHONE NO.;ADDRESS\nSiti;081234567801;Jl. A\n", refused=["invalid_fields", "missing_column"]),
    csv("headings with blanks and slashes", " Nama Pelanggan ;No. HP / WA;ALAMAT LENGKAP\nSiti Rahayu;081234567801;Jl. Kaliurang km 5\n", created=1, values={2: SITI}),
    csv("two columns of the same heading", "Nama;No HP;No HP;Alamat\nSiti Rahayu;081234567801;081234567899;Jl. Kaliurang km 5\n", created=1, ignored=[], values={2: {**SITI, "second_phone": "+6281234567899"}}),
    csv("a filled column without heading", f"{HEAD};\nSiti Rahayu;081234567801;Jl. Kaliurang km 5;penting\n", created=1, ignored=["D"], values={2: SITI}),
    csv(
        "a mapping for headings that nobody knows",
        "Orang;Kontak;Di mana;Marga\nSiti Rahayu;081234567801;Jl. Kaliurang km 5;X\n",
        mapping={"columns": {"Orang": {"field": "name"}, "Di mana": {"field": "address"}, "Marga": "note"}},
        created=1,
        values={2: {**SITI, "notes": "Marga: X"}},
    ),
    csv(
        "a list without headings",
        "Siti Rahayu;081234567801;Jl. Kaliurang km 5\n",
        mapping={"has_heading": False, "columns": {"A": {"field": "name"}, "B": {"field": "phone"}, "C": {"field": "address"}}},
        created=1,
        values={1: SITI},
    ),
    # Numbers of customers
    csv("a row counter", f"No Pelanggan;{HEAD}\n1;Siti;081234567801;Jl. A\n2;Budi;081234567802;Jl. B\n", created=2, ignored=["No Pelanggan"], values={2: {"number": None}}),
    csv("a counter that begins again per village", f"Nomor;{HEAD}\n1.;Siti;081234567801;Jl. A\n2.;Budi;081234567802;Jl. B\n1.;Ani;081234567803;Jl. C\n", created=3, ignored=["Nomor"]),
    csv("numbers with zeros in front", f"ID Pelanggan;{HEAD}\n0001;Siti;081234567801;Jl. A\n0002;Budi;081234567802;Jl. B\n", created=2, values={2: {"number": "0001"}}),
    csv("the same number twice", f"ID Pelanggan;{HEAD}\nU-1;Siti;081234567801;Jl. A\nU-1;Budi;081234567802;Jl. B\n", created=1, rejected=1, problems={3: "duplicate_row"}),
    # Telephone numbers
    phone("an apostrophe of Excel", "'081234567801", "+6281234567801"),
    phone("a formula for a text", '"=""081234567801"""', "+6281234567801"),
    phone("no zero in front", "81234567801", "+6281234567801"),
    phone("a fraction of a program", "6281234567801.0", "+6281234567801"),
    phone("invisible signs and strange blanks", "\u202a+62\u00a0812\u20113456\u20117801\u202c", "+6281234567801"),
    phone("brackets and dots", "(0812).3456.7801", "+6281234567801"),
    phone("a link of WhatsApp", "https://wa.me/6281234567801", "+6281234567801"),
    phone("a name behind it", "0812 3456 7801 (Bu Ani)", "+6281234567801", notes="Bu Ani"),
    phone("two numbers", "081234567801 / 081398765432", "+6281234567801", second_phone="+6281398765432"),
    phone("a landline with a second ending", "0274563515/16", "+62274563515", notes="16"),
    phone("a long number of Indosat", "08591900000114", "+628591900000114"),
    no_phone("a number in scientific notation", "6,28123E+11", "phone_in_scientific_notation"),
    no_phone("a text instead of a number", "tidak ada", "invalid_phone"),
    no_phone("nothing in the words of a program", "#N/A", "required"),
    # Places
    one("a place in one column", "Koordinat", '"-7.7101, 110.4075"', "coordinates", PLACE),
    one("a place with decimal commas", "Koordinat", "-7,7101 110,4075", "coordinates", PLACE),
    one("a place the wrong way round", "Koordinat", '"110.4075, -7.7101"', "coordinates", PLACE),
    one("a link to a map", "Lokasi", "https://maps.google.com/?q=-7.7101,110.4075", "coordinates", PLACE),
    one("degrees, minutes and seconds", "Koordinat", "7°42'36.4\"\"S 110°24'27.0\"\"E", "coordinates", "-7.710111111111111, 110.4075"),
    one("a place that is none", "Koordinat", "0,0", "coordinates", None),
    csv("a place in words", f"{HEAD};Koordinat\nSiti;081234567801;Jl. A;dekat masjid\n", rejected=1, problems={2: "invalid_coordinates"}),
    csv("latitude and longitude exchanged", f"{HEAD};Lintang;Bujur\nSiti;081234567801;Jl. A;110,4075;-7,7101\n", created=1, values={2: {"coordinates": PLACE}}),
    csv("half a place", f"{HEAD};Lintang;Bujur\nSiti;081234567801;Jl. A;-7,7101;\n", rejected=1, problems={2: "required"}),
    # Plans, status, identity numbers, empty values
    one("a plan by its code in small letters", "Paket", "h10", "plan", "H10"),
    one("a plan by its name", "Paket", "RUMAH 10", "plan", "H10"),
    one("a plan by its speed", "Paket", "5 Mbps", "plan", "H5"),
    csv("a plan that nobody knows", f"{HEAD};Paket\nSiti;081234567801;Jl. A;Hemat\nBudi;081234567802;Jl. B;H5\n", created=1, rejected=1, problems={2: "unknown_reference"}, unknown={"Paket": ["Hemat"]}),
    csv("a plan that is mapped", f"{HEAD};Paket\nSiti;081234567801;Jl. A;Hemat\n", mapping={"values": {"Paket": {"Hemat": {"as": "H5"}}}}, created=1, values={2: {"plan": "H5"}}),
    one("a status in words", "Status", "Di-isolir", "status", "isolir"),
    csv("a status about payments", f"{HEAD};Status\nSiti;081234567801;Jl. A;Lunas\nBudi;081234567802;Jl. B;Belum Bayar\n", created=2, ignored=["Status"], unknown={"Status": ["Belum Bayar", "Lunas"]}, values={2: {"status": "aktif"}}),
    csv("a status with one wrong word", f"{HEAD};Status\nSiti;081234567801;Jl. A;aktif\nBudi;081234567802;Jl. B;aktip\n", created=1, rejected=1, problems={3: "not_one_of"}, unknown={"Status": ["aktip"]}),
    one("an identity number with blanks", "NIK", "3404 3849 3739 6401", "nik", "••••••••••••6401"),
    one("an identity number that a program has rounded", "NIK", "3,40438E+15", "nik", None, warnings=[(2, "digits_lost")]),
    csv("an identity number that is too short", f"{HEAD};NIK\nSiti;081234567801;Jl. A;340438493739\n", rejected=1, problems={2: "invalid_nik"}),
    one("nothing as a dash", "ODP", "-", "odp", None),
    one("nothing as NULL", "Email", "NULL", "email", None),
    one("a name of an ODP", "ODP", "ODP-KSH-003/12", "odp", "ODP-KSH-003/12"),
    # Stock
    item("items with quantities of people", "Kode;Nama Barang;Satuan;Berseri;Stok;Harga\nDW;Kabel;mtr;tidak;1.250;Rp 1.500\nONT;Modem;buah;ya;2;275.000,00\n", created=2, values={2: {"opening_stock": "1250", "price": "1500"}, 3: {"price": "275000"}}),
    item("half a metre", "Kode;Nama;Satuan;Stok\nDW2;Kabel;meter;35,5\nTG;Tang;pcs;2\n", created=1, rejected=1, problems={2: "not_whole"}),
    item("rolls and boxes", "Kode;Nama;Satuan;Isi per roll;Stok;Harga\nDW4;Kabel;roll;1.000;3;1.400.000\nRS4;Roset;dus;20;2;\nDW5;Kabel;rol;;1;\n", created=2, rejected=1, problems={4: "required"}, values={2: {"unit": "meter", "opening_stock": "3000", "price": "1400"}, 3: {"unit": "pcs", "opening_stock": "40"}}),
    item("a unit that is mapped", "Kode;Nama;Satuan\nKLEM;Klem;bks\n", mapping={"values": {"Satuan": {"bks": {"as": "pcs"}}}}, created=1, values={2: {"unit": "pcs"}}),
]
