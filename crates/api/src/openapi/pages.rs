//! Schemas of pages.

use utoipa::Modify;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema};

/// How the schema of a page of items is called: this and the name of the item's schema.
const PREFIX: &str = "Page_";

/// Makes every page refer to the schema of its items. The derive copies that schema into each page,
/// so that generated clients would have the same type twice.
pub struct PageItems;

impl Modify for PageItems {
    fn modify(&self, document: &mut OpenApi) {
        let Some(components) = &mut document.components else { return };
        for (name, schema) in &mut components.schemas {
            let Some(item) = name.strip_prefix(PREFIX) else { continue };
            if let RefOr::T(Schema::Object(page)) = schema
                && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
            {
                let item = RefOr::Ref(Ref::from_schema_name(item));
                items.items = ArrayItems::RefOrSchema(Box::new(item));
            }
        }
    }
}
