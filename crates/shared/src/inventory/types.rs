//! Units of items, kinds of locations and of movements.

crate::text_enum! {
    /// Unit of an item's quantity.
    ItemUnit {
        Pieces => "pcs",
        Metre => "metre",
    }
}

impl ItemUnit {
    /// Symbol of the unit, the same in every language: `35 m`, `2 pcs`.
    pub const fn symbol(self) -> &'static str {
        match self {
            ItemUnit::Pieces => "pcs",
            ItemUnit::Metre => "m",
        }
    }
}

crate::text_enum! {
    /// Kind of a location. Only warehouses and bags hold usable stock.
    LocationKind {
        Warehouse => "warehouse",
        /// A technician's bag.
        Technician => "technician",
        /// Source of received stock; its balance is negative.
        Supplier => "supplier",
        /// Material installed at customers.
        Customer => "customer",
        Damaged => "damaged",
        Lost => "lost",
        /// Counterpart of corrections after a stock count; its balance may be negative.
        Adjustment => "adjustment",
    }
}

impl LocationKind {
    /// Whether the balance may fall below zero: only suppliers and adjustments.
    pub const fn may_be_negative(self) -> bool {
        matches!(self, LocationKind::Supplier | LocationKind::Adjustment)
    }
}

crate::text_enum! {
    /// Kind of a movement.
    MovementKind {
        Receipt => "receipt",
        Issue => "issue",
        Usage => "usage",
        Return => "return",
        Transfer => "transfer",
        Adjustment => "adjustment",
        Reversal => "reversal",
    }
}

crate::text_enum! {
    /// State of a serialised unit.
    UnitState {
        InStock => "in_stock",
        WithTechnician => "with_technician",
        Installed => "installed",
        /// Returned by a customer to a warehouse, or to the supplier.
        Returned => "returned",
        Damaged => "damaged",
        Lost => "lost",
    }
}
