//! What distinguishes the kinds of import in the browser.

use shared::Permission;
use shared::import::ImportKind;

use crate::tr;

/// The permission to import.
pub const fn permission(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Customers => Permission::CustomersWrite,
        ImportKind::Items => Permission::InventoryWrite,
    }
}

/// Title of the page.
pub fn title(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Customers => tr!(imports.customers),
        ImportKind::Items => tr!(imports.items),
    }
}

/// Address of the list with the imported rows.
pub const fn list(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Customers => "/customers",
        ImportKind::Items => "/inventory",
    }
}

/// Name of the list with the imported rows.
pub fn list_name(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Customers => tr!(customers.title),
        ImportKind::Items => tr!(inventory.title),
    }
}

/// Known headings with an example row.
pub const fn example(kind: ImportKind) -> [&'static [&'static str]; 2] {
    match kind {
        ImportKind::Customers => [
            &[
                "No Pelanggan",
                "Nama",
                "No HP",
                "Alamat",
                "Lintang",
                "Bujur",
                "Paket",
                "NIK",
                "Status",
                "ODP",
            ],
            &[
                "SLM00001",
                "Gilda Utami",
                "0812 3456 7890",
                "Jl. Kaliurang 5",
                "-7,7684",
                "110,2792",
                "HOME-20",
                "",
                "aktif",
                "ODP-01",
            ],
        ],
        ImportKind::Items => [
            &[
                "Kode",
                "Nama",
                "Kategori",
                "Satuan",
                "Berseri",
                "Stok awal",
                "Stok minimum",
                "Harga",
            ],
            &["DW-1C", "Kabel dropcore 1 core", "kabel", "meter", "tidak", "2000", "500", "1500"],
        ],
    }
}
