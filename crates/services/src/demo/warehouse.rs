//! Demo items, deliveries and default material lists.

use std::collections::HashMap;

use db::Tx;
use db::tables::locations;
use shared::inventory::{IssueRequest, ItemInput, ItemUnit, Line, LocationKind, ReceiptRequest};
use shared::job::JobType;
use shared::settings::MaterialLine;
use shared::{ItemId, Rupiah, TechnicianId};

use super::staff::Staff;
use crate::error::{OrNotFound, Result};
use crate::inventory::{items, movements};
use crate::settings;

/// Number of deliveries within the sixty days; the first comes before all work.
pub const DELIVERIES: usize = 3;

struct DemoItem {
    code: &'static str,
    name: &'static str,
    category: &'static str,
    unit: ItemUnit,
    serial_prefix: Option<&'static str>,
    min_stock: i64,
    price: i64,
    deliveries: [i64; DELIVERIES],
}

const fn item(
    code: &'static str,
    name: &'static str,
    category: &'static str,
    min_stock: i64,
    price: i64,
    deliveries: [i64; DELIVERIES],
) -> DemoItem {
    let (unit, serial_prefix) = (ItemUnit::Pieces, None);
    DemoItem { code, name, category, unit, serial_prefix, min_stock, price, deliveries }
}

const fn metres(stock: DemoItem) -> DemoItem {
    DemoItem { unit: ItemUnit::Metre, ..stock }
}

const fn units(stock: DemoItem, prefix: &'static str) -> DemoItem {
    DemoItem { serial_prefix: Some(prefix), ..stock }
}

/// The items. Stock of adaptors and splitters runs low towards the end.
const ITEMS: [DemoItem; 18] = [
    units(item("ONT-F609", "Modem ONT ZTE F609 V3", "modem", 10, 275_000, [30, 30, 20]), "ZTEGC8"),
    units(
        item("ONT-HG8245", "Modem ONT Huawei HG8245H5", "modem", 4, 290_000, [6, 0, 4]),
        "HWTC5A",
    ),
    units(item("RTR-AX10", "Router WiFi AX1500", "modem", 3, 420_000, [8, 0, 0]), "TPAX10"),
    metres(item(
        "DW-1C",
        "Kabel dropcore 1 core 3 seling",
        "kabel",
        1_500,
        1_400,
        [4_000, 3_000, 2_000],
    )),
    metres(item("DW-2C", "Kabel dropcore 2 core 3 seling", "kabel", 500, 1_800, [2_000, 0, 0])),
    metres(item("UTP-5E", "Kabel UTP Cat5e", "kabel", 300, 2_900, [1_220, 0, 305])),
    item("FC-SCUPC", "Fast connector SC/UPC", "konektor", 150, 6_500, [400, 200, 300]),
    item("FC-SCAPC", "Fast connector SC/APC", "konektor", 50, 7_000, [140, 0, 0]),
    item("ROS-1", "Roset optik 1 port", "aksesoris", 30, 9_000, [80, 40, 40]),
    item("PC-SCUPC-3", "Patchcord SC/UPC 3 m", "aksesoris", 40, 15_000, [150, 80, 60]),
    item("CLAMP-S", "Klem S kabel dropcore", "aksesoris", 150, 1_500, [600, 0, 300]),
    item("TIES-20", "Kabel ties 20 cm", "aksesoris", 200, 250, [1_500, 0, 500]),
    item("SLV-60", "Sleeve protector 60 mm", "aksesoris", 200, 600, [1_000, 0, 0]),
    item("ADP-12V", "Adaptor 12V 1A", "aksesoris", 20, 28_000, [43, 0, 0]),
    item("SPL-1-8", "Splitter PLC 1:8 SC/UPC", "odp", 10, 85_000, [14, 0, 0]),
    item("ODP-16", "Box ODP 16 port", "odp", 3, 310_000, [8, 0, 0]),
    units(item("SPLICER", "Fusion splicer", "alat", 1, 28_500_000, [3, 0, 0]), "FSM90S"),
    units(item("OPM", "Optical power meter", "alat", 2, 450_000, [14, 0, 0]), "OPM70-"),
];

/// What a technician restocks now and then.
const REFILL: [(&str, i64); 4] = [("ADP-12V", 2), ("CLAMP-S", 20), ("TIES-20", 40), ("SLV-60", 10)];

/// Item ids by code.
pub struct ItemIds(HashMap<&'static str, ItemId>);

impl ItemIds {
    pub fn id(&self, code: &str) -> ItemId {
        self.0.get(code).copied().unwrap_or(ItemId(0))
    }
}

pub fn create_items(tx: &mut Tx<'_>, staff: &Staff) -> Result<ItemIds> {
    let mut ids = HashMap::new();
    for item in &ITEMS {
        let input = ItemInput {
            pack_size: None,
            code: item.code.into(),
            name: item.name.into(),
            category: item.category.into(),
            unit: item.unit,
            serialized: item.serial_prefix.is_some(),
            min_stock: item.min_stock,
            price: Rupiah(item.price),
        };
        ids.insert(item.code, items::create(tx, &staff.gudang, &input)?.id);
    }
    let shelf = ItemIds(ids);
    let list = |lines: &[(&str, i64)]| -> Vec<MaterialLine> {
        let line =
            |&(code, quantity): &(&str, i64)| MaterialLine { item_id: shelf.id(code), quantity };
        lines.iter().map(line).collect()
    };
    let mut wanted = settings::load(tx.conn())?;
    wanted.for_job_type_mut(JobType::Installation).materials =
        list(&[("ONT-F609", 1), ("DW-1C", 75), ("FC-SCUPC", 2), ("ROS-1", 1), ("PC-SCUPC-3", 1)]);
    wanted.for_job_type_mut(JobType::Repair).materials =
        list(&[("FC-SCUPC", 2), ("PC-SCUPC-3", 1)]);
    settings::update(tx, &staff.superadmin, None, &wanted)?;
    Ok(shelf)
}

pub fn receive_delivery(
    tx: &mut Tx<'_>,
    staff: &Staff,
    shelf: &ItemIds,
    delivery: usize,
) -> Result<()> {
    let warehouse = locations::first_of_kind(tx.conn(), LocationKind::Warehouse)?.or_not_found()?;
    let line = |item: &DemoItem| {
        let quantity = item.deliveries[delivery];
        let before: i64 = item.deliveries[..delivery].iter().sum();
        let serials = |prefix: &str| -> Vec<String> {
            (before..before + quantity).map(|unit| serial(prefix, unit)).collect()
        };
        (quantity > 0).then(|| Line {
            item_id: shelf.id(item.code),
            quantity,
            serial_numbers: item.serial_prefix.map(serials),
        })
    };
    let receipt = ReceiptRequest {
        location_id: warehouse.id,
        lines: ITEMS.iter().filter_map(line).collect(),
        in_packs: Vec::new(),
        supplier: Some("CV Serat Nusantara".into()),
        invoice_number: Some(format!("SN/{:04}", 1_207 + delivery * 31)),
    };
    movements::receive(tx, &staff.gudang, &receipt).map(|_| ())
}

/// A technician restocks the bag.
pub fn refill(
    tx: &mut Tx<'_>,
    staff: &Staff,
    shelf: &ItemIds,
    technician_id: TechnicianId,
) -> Result<()> {
    let line = |&(code, quantity): &(&str, i64)| Line {
        item_id: shelf.id(code),
        quantity,
        serial_numbers: None,
    };
    issue(tx, staff, technician_id, REFILL.iter().map(line).collect())
}

/// Issues an optical power meter to a technician.
pub fn issue_tools(
    tx: &mut Tx<'_>,
    staff: &Staff,
    shelf: &ItemIds,
    technician: usize,
) -> Result<()> {
    let id = staff.technicians[technician].technician_id.or_not_found()?;
    let line = Line {
        item_id: shelf.id("OPM"),
        quantity: 1,
        serial_numbers: Some(vec![serial("OPM70-", technician as i64)]),
    };
    issue(tx, staff, id, vec![line])
}

/// Issues splitters for a new distribution point: their stock falls to the minimum.
pub fn issue_splitters(tx: &mut Tx<'_>, staff: &Staff, shelf: &ItemIds) -> Result<()> {
    let id = staff.technicians[0].technician_id.or_not_found()?;
    let line = Line { item_id: shelf.id("SPL-1-8"), quantity: 5, serial_numbers: None };
    issue(tx, staff, id, vec![line])
}

fn issue(tx: &mut Tx<'_>, staff: &Staff, to: TechnicianId, lines: Vec<Line>) -> Result<()> {
    let request = IssueRequest { technician_id: to, location_id: None, job_id: None, lines };
    movements::issue(tx, &staff.gudang, &request).map(|_| ())
}

fn serial(prefix: &str, unit: i64) -> String {
    format!("{prefix}{:06X}", 0xA100 + unit * 37)
}
