//! Query of a list: what the person chose, and which page of it.
//!
//! A new list adds one line at the end of this file.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::api_key::ApiKeyQuery;
use shared::audit::AuditQuery;
use shared::customer::CustomerQuery;
use shared::inventory::{BagReturnQuery, ItemQuery, MovementQuery, UnitQuery};
use shared::job::JobQuery;
use shared::notification::NotificationQuery;
use shared::technician::TechnicianQuery;
use shared::user::UserQuery;

use crate::api::page_query::PageQuery;

/// The query of a list. Search and order are optional: without them the defaults do nothing.
pub trait ListQuery:
    Serialize + DeserializeOwned + Default + Clone + PartialEq + Send + Sync + 'static
{
    /// Sets which page is wanted.
    fn set_page(&mut self, limit: Option<i64>, cursor: Option<String>, with_total: Option<bool>);

    /// Returns the search text.
    fn search(&self) -> Option<&str> {
        None
    }

    /// Changes the search text.
    fn set_search(&mut self, _text: Option<String>) {}

    /// Returns the order as the URL has it.
    fn sort(&self) -> Option<&'static str> {
        None
    }

    /// Changes the order; a text that names none removes it.
    fn set_sort(&mut self, _sort: &str) {}
}

macro_rules! list_query {
    ($name:ident $(, search: $search:ident)? $(, sort: $sort:ident)?) => {
        impl ListQuery for $name {
            fn set_page(&mut self, limit: Option<i64>, cursor: Option<String>, total: Option<bool>) {
                self.limit = limit;
                self.cursor = cursor;
                self.with_total = total;
            }
            $(
                fn search(&self) -> Option<&str> {
                    self.$search.as_deref()
                }
                fn set_search(&mut self, text: Option<String>) {
                    self.$search = text;
                }
            )?
            $(
                fn sort(&self) -> Option<&'static str> {
                    self.$sort.map(|sort| sort.as_str())
                }
                fn set_sort(&mut self, sort: &str) {
                    self.$sort = sort.parse().ok();
                }
            )?
        }
    };
}

list_query!(JobQuery, search: q, sort: sort);
list_query!(CustomerQuery, search: q, sort: sort);
list_query!(TechnicianQuery, search: q, sort: sort);
list_query!(ItemQuery, search: q, sort: sort);
list_query!(UnitQuery, search: q);
list_query!(MovementQuery);
list_query!(BagReturnQuery);
list_query!(UserQuery, search: q, sort: sort);
list_query!(AuditQuery, search: q);
list_query!(ApiKeyQuery);
list_query!(NotificationQuery, search: q);
list_query!(PageQuery);
