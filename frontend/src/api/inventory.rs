//! Items, locations and movements.

use serde::Serialize;
use shared::inventory::{
    AdjustmentRequest, IssueRequest, Item, ItemDetail, ItemInput, ItemQuery, Location,
    LocationInput, LocationKind, LocationQuery, Movement, MovementQuery, MovementsResponse,
    ReceiptRequest, ReturnRequest, ReversalRequest, Stock, TransferRequest, Unit, UnitQuery,
};
use shared::pagination::MAX_LIMIT;
use shared::{CommaList, ItemId, LocationId, MovementId, Page, TechnicianId};

use super::{ApiResult, client};

/// Returns a page of the items.
pub async fn list(query: &ItemQuery) -> ApiResult<Page<Item>> {
    client::query("inventory", query).await
}

/// Returns one item with its balances.
pub async fn get(id: ItemId) -> ApiResult<ItemDetail> {
    client::get(&format!("inventory/{id}")).await
}

/// Creates an item.
pub async fn create(item: &ItemInput) -> ApiResult<Item> {
    client::post("inventory", item).await
}

/// Replaces the data of the version that was read.
pub async fn update(id: ItemId, item: &ItemInput, version: i64) -> ApiResult<Item> {
    client::put(&format!("inventory/{id}"), item, version).await
}

/// Returns a page of the movements, newest first.
pub async fn movements(query: &MovementQuery) -> ApiResult<Page<Movement>> {
    client::query("inventory/movements", query).await
}

/// Returns the serialised units of an item.
pub async fn units(id: ItemId, query: &UnitQuery) -> ApiResult<Page<Unit>> {
    client::query(&format!("inventory/{id}/units"), query).await
}

/// Returns every location.
pub async fn locations() -> ApiResult<Page<Location>> {
    client::get("locations?limit=200").await
}

/// Returns the locations of one kind.
pub async fn locations_of_kind(kind: LocationKind) -> ApiResult<Page<Location>> {
    let query = LocationQuery {
        kind: Some(CommaList(vec![kind])),
        limit: Some(MAX_LIMIT),
        ..Default::default()
    };
    client::query("locations", &query).await
}

/// Creates a warehouse.
pub async fn create_location(location: &LocationInput) -> ApiResult<Location> {
    client::post("locations", location).await
}

/// Returns the stock of a location.
pub async fn stock(id: LocationId) -> ApiResult<Page<Stock>> {
    client::get(&format!("locations/{id}/stock?limit={MAX_LIMIT}")).await
}

/// Returns the stock in the bag of a technician.
pub async fn technician_stock(technician: TechnicianId) -> ApiResult<Vec<Stock>> {
    let bags = locations_of_kind(LocationKind::Technician).await?;
    let own = bags.items.iter().find(|bag| bag.technician_id == Some(technician));
    match own {
        Some(bag) => Ok(stock(bag.id).await?.items),
        None => Ok(Vec::new()),
    }
}

/// Books the receipt of goods from a supplier.
pub async fn receive(request: &ReceiptRequest) -> ApiResult<MovementsResponse> {
    movement("receipts", request).await
}

/// Books the issue of goods to a technician.
pub async fn issue(request: &IssueRequest) -> ApiResult<MovementsResponse> {
    movement("issues", request).await
}

/// Books the return of goods from a technician.
pub async fn return_stock(request: &ReturnRequest) -> ApiResult<MovementsResponse> {
    movement("returns", request).await
}

/// Books a transfer between locations.
pub async fn transfer(request: &TransferRequest) -> ApiResult<MovementsResponse> {
    movement("transfers", request).await
}

/// Books an adjustment after stock-taking.
pub async fn adjust(request: &AdjustmentRequest) -> ApiResult<MovementsResponse> {
    movement("adjustments", request).await
}

/// Reverses a mistaken movement.
pub async fn reverse(id: MovementId, request: &ReversalRequest) -> ApiResult<MovementsResponse> {
    movement(&format!("movements/{id}/reversal"), request).await
}

async fn movement<B: Serialize>(kind: &str, request: &B) -> ApiResult<MovementsResponse> {
    client::post(&format!("inventory/{kind}"), request).await
}
