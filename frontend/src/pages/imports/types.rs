//! Kinds of import.

use shared::Permission;
use shared::import::ImportReport;
use web_sys::File;

use crate::api::{self, ApiResult};
use crate::tr;

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    Customers,
    Items,
}

impl ImportKind {
    pub const fn permission(self) -> Permission {
        match self {
            ImportKind::Customers => Permission::CustomersWrite,
            ImportKind::Items => Permission::InventoryWrite,
        }
    }

    /// Returns the list with the imported rows.
    pub const fn list(self) -> &'static str {
        match self {
            ImportKind::Customers => "/customers",
            ImportKind::Items => "/inventory",
        }
    }

    pub fn list_name(self) -> &'static str {
        match self {
            ImportKind::Customers => tr!(customers.title),
            ImportKind::Items => tr!(inventory.title),
        }
    }

    /// Returns the known headings with an example row.
    pub const fn example(self) -> [&'static [&'static str]; 2] {
        match self {
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
                &[
                    "DW-1C",
                    "Kabel dropcore 1 core",
                    "kabel",
                    "meter",
                    "tidak",
                    "2000",
                    "500",
                    "1500",
                ],
            ],
        }
    }

    pub async fn send(
        self,
        file: &File,
        dry_run: bool,
        replace_customers: bool,
        progress: impl Fn(f64) + 'static,
    ) -> ApiResult<ImportReport> {
        match self {
            ImportKind::Customers => {
                api::customers::import(file, dry_run, replace_customers, progress).await
            }
            ImportKind::Items => api::inventory::import(file, dry_run, progress).await,
        }
    }
}
