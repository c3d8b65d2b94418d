//! Demo bag returns: some decided in the past, some still waiting for the warehouse.

use db::Tx;
use shared::inventory::{BagReturnConfirmation, BagReturnCreate, ItemUnit, Line};

use super::staff::Staff;
use crate::Actor;
use crate::error::Result;
use crate::inventory::{bag_returns, technician_stock};

/// Number of technicians with a return that waits for the warehouse.
const WAITING_RETURNS: usize = 2;

/// A technician returns leftovers and the warehouse confirms all of them.
pub fn return_leftovers(
    tx: &mut Tx<'_>,
    staff: &Staff,
    by: &Actor,
    lines: Vec<Line>,
) -> Result<()> {
    let request = BagReturnCreate { technician_id: None, lines };
    let one = bag_returns::request(tx, by, &request)?;
    let counted = BagReturnConfirmation::default();
    bag_returns::confirm(tx, &staff.gudang, one.id, None, &counted).map(drop)
}

/// Some technicians request a return of left-over cable that nobody has counted yet.
pub fn request_returns(tx: &mut Tx<'_>, staff: &Staff) -> Result<()> {
    let mut waiting = 0;
    for technician in &staff.technicians {
        let bag = technician_stock::own_stock(tx.conn(), technician)?;
        let cable = bag.iter().find(|item| item.unit == ItemUnit::Metre && item.quantity > 1);
        let Some(cable) = cable else { continue };
        let quantity = cable.quantity / 2;
        let lines = vec![Line { item_id: cable.item_id, quantity, serial_numbers: None }];
        bag_returns::request(tx, technician, &BagReturnCreate { technician_id: None, lines })?;
        waiting += 1;
        if waiting == WAITING_RETURNS {
            break;
        }
    }
    Ok(())
}
