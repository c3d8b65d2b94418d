//! Query of lists that only have pages.

use serde::{Deserialize, Serialize};

/// Which page of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageQuery {
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}
