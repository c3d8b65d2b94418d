//! What a list is made of: its columns and what makes it one of its kind.

use leptos::prelude::*;

/// The two orders that a column's heading switches between, as the URL has them.
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
    /// A column with a heading and what stands in it.
    pub fn new(heading: fn() -> &'static str, cell: fn(&T) -> AnyView) -> Self {
        Self { heading, cell, text: None, sort: None, class: "", shown: true, testid: None }
    }

    /// What the export writes; without it the column is not exported.
    pub fn text(mut self, text: fn(&T) -> String) -> Self {
        self.text = Some(text);
        self
    }

    /// The heading sorts.
    pub fn sort(mut self, ascending: &'static str, descending: &'static str) -> Self {
        self.sort = Some(SortPair { ascending, descending });
        self
    }

    /// Numbers stand at the right.
    pub fn number(mut self) -> Self {
        self.class = "cell-number";
        self
    }

    /// The column by which people know the row: heading of the card on a phone.
    pub fn main(mut self) -> Self {
        self.class = "cell-main";
        self
    }

    /// Not shown on a phone.
    pub fn wide_only(mut self) -> Self {
        self.class = "cell-wide";
        self
    }

    /// Only in the export.
    pub fn export_only(mut self) -> Self {
        self.shown = false;
        self
    }

    /// At the right of the card's heading on a phone.
    pub fn side(mut self) -> Self {
        self.class = "cell-side";
        self
    }

    /// Without its name on a phone, over the whole width of the card.
    pub fn block(mut self) -> Self {
        self.class = "cell-block";
        self
    }

    /// A name for browser tests.
    pub fn testid(mut self, testid: &'static str) -> Self {
        self.testid = Some(testid);
        self
    }
}

/// What makes a list one of its kind.
pub struct ListSpec<T: 'static> {
    pub columns: Vec<Column<T>>,
    /// Identity and version of a row: a row with a new version is drawn anew.
    pub key: fn(&T) -> (i64, i64),
    /// Where a click on the row leads: the address of its page.
    pub href: Option<fn(&T) -> String>,
    /// For tests: each row is `<name>-row`. Also the file name of the export.
    pub name: &'static str,
    /// Says the name of the list to screen readers.
    pub caption: fn() -> &'static str,
    /// What is searched; without it there is no search field.
    pub search_hint: Option<fn() -> &'static str>,
    /// Nothing is there at all: what to do next.
    pub empty_hint: fn() -> &'static str,
}

impl<T> Clone for ListSpec<T> {
    fn clone(&self) -> Self {
        Self { columns: self.columns.clone(), ..*self }
    }
}
