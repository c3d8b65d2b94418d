//! Spreadsheets made to exhaust memory or time.

use std::fmt::Write;

use super::archives::{Part, overlapping, sheet, workbook, workbook_of};

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";
const MEGABYTE: usize = 1024 * 1024;

/// Hostile file and the expected response.
pub struct Hostile {
    pub name: &'static str,
    pub file: Vec<u8>,
    pub status: u16,
    /// Text in the response.
    pub says: &'static str,
}

fn hostile(name: &'static str, file: Vec<u8>, status: u16, says: &'static str) -> Hostile {
    Hostile { name, file, status, says }
}

/// Returns all hostile spreadsheets.
pub fn all() -> Vec<Hostile> {
    let mut all = workbooks();
    all.extend(archives());
    all.extend(texts());
    all
}

const HEAD: &str = "<worksheet><sheetData>";
const TAIL: &str = "</sheetData></worksheet>";

fn folded_sheet(pattern: &str, megabytes: usize) -> Vec<u8> {
    let count = megabytes * MEGABYTE / pattern.len();
    workbook(Part::folded(SHEET, HEAD, pattern, count, TAIL), None)
}

fn with_strings(strings: Part) -> Vec<u8> {
    workbook(sheet("<row><c t=\"s\"><v>0</v></c></row>"), Some(strings))
}

fn workbooks() -> Vec<Hostile> {
    let long = format!("<si><t>{}</t></si>", "panjang ".repeat(1_000));
    let long_strings = Part::folded(STRINGS, "<sst>", &long, 66 * MEGABYTE / long.len(), "</sst>");
    let laughs =
        "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    let entity = "<sst><si><t>&b;</t></si></sst>";
    let counted = "<sst count=\"4294967295\" uniqueCount=\"4294967295\"><si><t>nama</t></si></sst>";
    let dimension = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    let outside = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99999999999</v></c></row>";
    let far = "<row><c r=\"A1\" t=\"n\"><v>1</v></c></row><row><c r=\"ZZZZ9\"><v>1</v></c></row>";
    let references = format!("{HEAD}<row><c><v>");
    let references = Part::folded(SHEET, &references, "&amp;", 2 * MEGABYTE, TAIL);
    vec![
        hostile("66 MB of shared strings", with_strings(long_strings), 413, "64 MB"),
        hostile("one text of 20 MB", folded_sheet("x", 20), 413, "1 MB XML"),
        hostile("one tag of 20 MB", folded_sheet("<c r=\"", 20), 413, "1 MB XML"),
        hostile("one comment of 20 MB", folded_sheet("<!-- ", 20), 413, "1 MB XML"),
        hostile("a cell of many references", workbook(references, None), 413, "128 KB"),
        hostile("tags without an end", folded_sheet("<a>", 20), 422, "XML"),
        hostile("entities in entities", with_strings(Part::plain(STRINGS, laughs)), 422, "DOCTYPE"),
        hostile("an unknown entity", with_strings(Part::plain(STRINGS, entity)), 422, "XML"),
        hostile(
            "counts and dimensions without end",
            workbook(Part::plain(SHEET, dimension), Some(Part::plain(STRINGS, counted))),
            422,
            "missing_column",
        ),
        hostile("a string that is not there", workbook(sheet(outside), None), 422, "sharedStrings"),
        hostile("a cell beyond the last", workbook(sheet(far), None), 422, "unreadable_file"),
    ]
}

fn archives() -> Vec<Hostile> {
    let blank = Part::folded(STRINGS, "<sst>", " ", 20 * MEGABYTE, "</sst>");
    let empty = format!("{HEAD}{TAIL}");
    let one = Part::plain(SHEET, &empty);
    let many = (0..12_000).map(|n| format!("{n}"));
    let sheets = |count: usize| {
        let part = |n: usize| Part::plain(&format!("xl/worksheets/sheet{n}.xml"), &empty);
        workbook_of(count, (1..=count.min(2_000)).map(part).collect())
    };
    vec![
        hostile("sizes that are lies", with_strings(blank.that_claims(10)), 422, "unreadable_file"),
        hostile("12,000 parts that are one", overlapping(&one, many), 413, "ZIP"),
        hostile("12,000 empty sheets", sheets(12_000), 422, "unreadable_file"),
        hostile("no workbook in it", overlapping(&one, ["a".into()].into_iter()), 415, "XLSX"),
    ]
}

fn texts() -> Vec<Hostile> {
    let line = |length: usize| vec![b'x'; length];
    let columns = format!("nama;hp;alamat{}\n", ";".repeat(1_000_000));
    let lines = format!("nama;hp;alamat\n{}", "\n".repeat(3 * MEGABYTE));
    let quote = format!("nama;hp;alamat\n\"{}", "x;\n".repeat(MEGABYTE));
    let utf_16: Vec<u8> = "\u{feff}nama;hp;alamat\n"
        .encode_utf16()
        .chain(std::iter::repeat_n(0x0101, MEGABYTE))
        .flat_map(u16::to_le_bytes)
        .collect();
    // Each byte becomes three in UTF-8.
    let windows = [b"nama;hp;alamat\n".to_vec(), vec![0x80; 3 * MEGABYTE]].concat();
    let mut bad = String::from("nama;hp;alamat;nik;email\n");
    (0..12_000).for_each(|n| writeln!(bad, ";{n};;x;y").unwrap());
    let heading = format!("na{}ma;hp;alamat\n;;x\n", "-".repeat(2 * MEGABYTE));
    let cells = format!("nama;hp;alamat\n{}", ";;;;;;;;;;;;;;;;;;;x\n".repeat(12_000));
    vec![
        hostile("one line of 3 MB", line(3 * MEGABYTE), 422, "missing_column"),
        hostile("a million empty columns", columns.into_bytes(), 200, "\"rows\":0"),
        hostile("three million empty lines", lines.into_bytes(), 200, "\"rows\":0"),
        hostile("a quote without an end", quote.into_bytes(), 422, "too_many"),
        hostile("UTF-16 without an end", utf_16, 200, "\"skipped\":1"),
        hostile("bytes that become three", windows, 200, "\"skipped\":1"),
        hostile("twelve thousand bad rows", bad.into_bytes(), 200, "\"rejected\":12000"),
        hostile("a heading of 2 MB", heading.into_bytes(), 200, "\"skipped\":1"),
        hostile("rows with text behind the heading", cells.into_bytes(), 200, "\"rejected\":12000"),
        hostile("zeros", vec![0; MEGABYTE], 415, "CSV"),
    ]
}
