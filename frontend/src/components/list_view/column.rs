//! Columns and specification of a list.

use leptos::prelude::*;

/// The two orders that a heading switches between, as the URL has them.
#[derive(Clone, Copy)]
pub struct SortPair {
    pub ascending: &'static str,
    pub descending: &'static str,
}

/// One column of a list.
pub struct Column<T: 'static> {
    pub(super) heading: fn() -> &'static str,
    pub(super) cell: fn(&T) -> AnyView,
    pub(super) text: Option<fn(&T) -> String>,
    pub(super) sort: Option<SortPair>,
    pub(super) class: &'static str,
    pub(super) shown: bool,
    pub(super) testid: Option<&'static str>,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}

impl<T> Column<T> {
    /// Creates a column with a heading and its cells.
    pub fn new(heading: fn() -> &'static str, cell: fn(&T) -> AnyView) -> Self {
        Self { heading, cell, text: None, sort: None, class: "", shown: true, testid: None }
    }

    /// Sets the text of the export; without it the column is not exported.
    pub fn text(mut self, text: fn(&T) -> String) -> Self {
        self.text = Some(text);
        self
    }

    /// Makes the heading sort the list.
    pub fn sort(mut self, ascending: &'static str, descending: &'static str) -> Self {
        self.sort = Some(SortPair { ascending, descending });
        self
    }

    /// Aligns numbers at the right.
    pub fn number(mut self) -> Self {
        self.class = "cell-number";
        self
    }

    /// Marks the column that identifies the row: the heading of the card on a phone.
    pub fn main(mut self) -> Self {
        self.class = "cell-main";
        self
    }

    /// Hides the column on narrow screens.
    pub fn wide_only(mut self) -> Self {
        self.class = "cell-wide";
        self
    }

    /// Shows the column in the export only.
    pub fn export_only(mut self) -> Self {
        self.shown = false;
        self
    }

    /// Puts the cell at the right of the card's heading on a phone.
    pub fn side(mut self) -> Self {
        self.class = "cell-side";
        self
    }

    /// Gives the cell the whole width of the card on a phone, without its heading.
    pub fn block(mut self) -> Self {
        self.class = "cell-block";
        self
    }

    /// Sets a name for browser tests.
    pub fn testid(mut self, testid: &'static str) -> Self {
        self.testid = Some(testid);
        self
    }
}

/// What distinguishes one list from another.
pub struct ListSpec<T: 'static> {
    pub columns: Vec<Column<T>>,
    /// Identity and version of a row: a row with a new version is rendered again.
    pub key: fn(&T) -> (i64, i64),
    /// Returns the address that a click on the row opens.
    pub href: Option<fn(&T) -> String>,
    /// For tests: each row is `<name>-row`. Also the file name of the export.
    pub name: &'static str,
    /// Name of the list for screen readers.
    pub caption: fn() -> &'static str,
    /// Placeholder of the search field; without it there is no search.
    pub search_hint: Option<fn() -> &'static str>,
    /// What to do when the list is empty without any filter.
    pub empty_hint: fn() -> &'static str,
}

impl<T> Clone for ListSpec<T> {
    fn clone(&self) -> Self {
        Self { columns: self.columns.clone(), ..*self }
    }
}
