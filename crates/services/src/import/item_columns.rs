//! Columns of a file of items.

use super::columns::ColumnSpec;

/// Columns of a file of items.
pub(super) const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec {
        field: "code",
        english: "Code",
        required: true,
        headings: &["Kode", "Kode Barang", "Kode Item", "SKU", "Code", "Item Code", "Part Number"],
    },
    ColumnSpec {
        field: "name",
        english: "Name",
        required: true,
        headings: &["Nama", "Nama Barang", "Barang", "Name", "Item Name", "Item", "Description"],
    },
    ColumnSpec {
        field: "category",
        english: "Category",
        required: false,
        headings: &["Kategori", "Jenis", "Jenis Barang", "Kelompok", "Category", "Group", "Type"],
    },
    ColumnSpec {
        field: "unit",
        english: "Unit",
        required: false,
        headings: &["Satuan", "Unit", "UoM", "Unit of Measure"],
    },
    ColumnSpec {
        field: "pack_size",
        english: "Pack Size",
        required: false,
        headings: &[
            "Isi per roll",
            "Isi per rol",
            "Isi per dus",
            "Isi per box",
            "Isi per pak",
            "Isi per kemasan",
            "Isi",
            "Pack Size",
            "Units per Pack",
            "Per Pack",
        ],
    },
    ColumnSpec {
        field: "serialized",
        english: "Serialized",
        required: false,
        headings: &[
            "Berseri",
            "Nomor Seri",
            "Pakai Nomor Seri",
            "Serialized",
            "Serialised",
            "Serial",
        ],
    },
    ColumnSpec {
        field: "opening_stock",
        english: "Opening Stock",
        required: false,
        headings: &[
            "Stok awal",
            "Stok",
            "Saldo Awal",
            "Jumlah",
            "Qty",
            "Opening Stock",
            "Opening Balance",
            "Stock",
            "Quantity",
            "On Hand",
        ],
    },
    ColumnSpec {
        field: "min_stock",
        english: "Minimum Stock",
        required: false,
        headings: &[
            "Stok minimum",
            "Stok minimal",
            "Minimum",
            "Min",
            "Batas Minimum",
            "Min Stock",
            "Minimum Stock",
            "Reorder Point",
        ],
    },
    ColumnSpec {
        field: "price",
        english: "Price",
        required: false,
        headings: &["Harga", "Harga Beli", "Harga Satuan", "Price", "Unit Price", "Cost"],
    },
];
