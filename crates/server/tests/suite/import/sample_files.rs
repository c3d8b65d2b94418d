//! Sample files of operators: real ones where available, otherwise generated ones with the same
//! defects.

use std::fmt::Write;
use std::path::PathBuf;

/// Invalid rows for each of the six reasons.
pub const BAD_OF_EACH: usize = 10;

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("ISP_SHARED_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    given.or(Some(beside)).filter(|folder| folder.join("pelanggan.csv").is_file())
}

/// 5,000 customers, sixty of them invalid.
pub fn customers() -> Vec<u8> {
    match folder() {
        Some(folder) => std::fs::read(folder.join("pelanggan.csv")).unwrap(),
        None => generated_customers().into_bytes(),
    }
}

/// Eighteen items with opening stock.
pub fn items() -> Vec<u8> {
    match folder() {
        Some(folder) => std::fs::read(folder.join("barang.csv")).unwrap(),
        None => generated_items().into_bytes(),
    }
}

/// Generates customers with a byte-order mark, semicolons, CRLF, decimal commas, six phone spellings and
/// sixty invalid rows.
pub fn generated_customers() -> String {
    let mut text = String::from(
        "\u{feff}No Pelanggan;Nama;No HP;Alamat;Lintang;Bujur;Paket;NIK;Status;ODP\r\n",
    );
    let mut last = String::new();
    for n in 1..=5_000_usize {
        let bad = (n % 83 == 0).then_some(n / 83).filter(|&k| k <= 60).map(|k| (k - 1) % 6);
        if bad == Some(5) {
            write!(text, "{last}\r\n").unwrap();
            continue;
        }
        let digits = format!("8{:09}", 120_000_000 + n * 37);
        let phone = match (bad, n % 6) {
            (Some(0), _) => String::new(),
            (Some(1), _) => "6.28123E+11".into(),
            (_, 0) => format!("0{digits}"),
            (_, 1) => format!("+62{digits}"),
            (_, 2) => format!("62{digits}"),
            (_, 3) => format!("0{}-{}-{}", &digits[..3], &digits[3..7], &digits[7..]),
            (_, 4) => format!("+62 {} {} {}", &digits[..3], &digits[3..7], &digits[7..]),
            _ => format!(" 0{digits} "),
        };
        let name = if bad == Some(2) { String::new() } else { format!("Pelanggan {n}") };
        let latitude = format!("-7.{:06}", 600_000 + n * 31);
        let latitude = if n % 3 == 0 { latitude.replace('.', ",") } else { latitude };
        let longitude =
            if bad == Some(3) { "1103.5".into() } else { format!("110.{:06}", 250_000 + n * 17) };
        let plan = if bad == Some(4) {
            "HOME-99"
        } else {
            ["HOME-10", "HOME-20", "HOME-50", "BIZ-100"][n % 4]
        };
        let status = ["aktif", "aktif", "isolir", "berhenti"][n % 4];
        last = format!(
            "SLM{n:05};{name};{phone};Jl. Melati No. {n}, Sleman;{latitude};{longitude};{plan};3404{n:012};{status};ODP-NGA-014"
        );
        write!(text, "{last}\r\n").unwrap();
    }
    text
}

fn generated_items() -> String {
    let mut text = String::from("Kode;Nama;Kategori;Satuan;Berseri;Stok awal;Stok minimum;Harga\n");
    for n in 0..18 {
        let (unit, serialized) = [("pcs", "ya"), ("meter", "tidak"), ("pcs", "tidak")][n % 3];
        let stock = 3 + n * 40;
        writeln!(text, "BRG-{n:02};Barang {n};kabel;{unit};{serialized};{stock};5;27{n:02}000")
            .unwrap();
    }
    text
}
