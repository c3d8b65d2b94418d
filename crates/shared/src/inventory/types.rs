//! The kinds of units, locations and movements.

crate::text_enum! {
    /// What quantities of an item count.
    ItemUnit {
        Pieces => "pcs",
        Metre => "metre",
    }
}

impl ItemUnit {
    /// The unit as it stands behind a quantity, the same in every language: `35 m`, `2 pcs`.
    pub const fn symbol(self) -> &'static str {
        match self {
            ItemUnit::Pieces => "pcs",
            ItemUnit::Metre => "m",
        }
    }
}

crate::text_enum! {
    /// What a location is. Only warehouses and bags hold stock that can be used.
    LocationKind {
        Warehouse => "warehouse",
        /// A technician's bag.
        Technician => "technician",
        /// Where goods come from; its balance is negative.
        Supplier => "supplier",
        /// What is built in at customers.
        Customer => "customer",
        Damaged => "damaged",
        Lost => "lost",
        /// The other side of a stock-taking correction; its balance may be negative.
        Adjustment => "adjustment",
    }
}

impl LocationKind {
    /// Suppliers and corrections are the outside world: only they may fall below zero.
    pub const fn may_be_negative(self) -> bool {
        matches!(self, LocationKind::Supplier | LocationKind::Adjustment)
    }
}

crate::text_enum! {
    /// Why goods moved.
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
    /// Where a serialised unit is in its life.
    UnitState {
        InStock => "in_stock",
        WithTechnician => "with_technician",
        Installed => "installed",
        /// Back in a warehouse from a customer, or sent back to the supplier.
        Returned => "returned",
        Damaged => "damaged",
        Lost => "lost",
    }
}
