//! Bag returns: the technician lists them, the warehouse confirms the count.

use shared::inventory::{
    BagReturn, BagReturnConfirmation, BagReturnCreate, BagReturnRejection, BagReturnStatus, Line,
    Movement, MovementKind,
};
use shared::live::{BagReturnEvent, LiveEvent};
use shared::{BagReturnId, ErrorCode as E, Page, Problem, Role};

use super::fixtures::{Fixture, movement_line, serial_line};
use crate::harness::{Client, TestApp, TestTechnician};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(
    goods_stay_in_the_bag_until_the_warehouse_confirms,
    uncounted_goods_stay_in_the_bag,
    a_technician_has_one_pending_return,
    of_two_concurrent_confirmations_one_wins,
    a_return_is_limited_to_the_contents_of_the_bag,
    the_confirmed_count_cannot_exceed_the_request,
    goods_used_in_the_meantime_cannot_be_confirmed,
    a_technician_sees_and_withdraws_only_own_returns,
    a_rejection_has_a_reason_and_moves_nothing,
);

const RETURNS: &str = "/inventory/bag-returns";

type Answer = Result<BagReturn, Problem>;

async fn request(by: &Client, lines: Vec<Line>) -> Answer {
    by.try_post(RETURNS, &BagReturnCreate { technician_id: None, lines }).await
}

async fn confirm(by: &Client, id: BagReturnId, lines: Option<Vec<Line>>) -> Answer {
    let counted = BagReturnConfirmation { location_id: None, lines };
    by.try_post(&format!("{RETURNS}/{id}/confirm"), &counted).await
}

async fn withdraw(by: &Client, id: BagReturnId) -> Answer {
    by.try_post(&format!("{RETURNS}/{id}/withdraw"), &()).await
}

fn code(answer: Answer) -> E {
    answer.unwrap_err().code
}

fn faults(answer: Answer) -> Vec<(String, E)> {
    let problem = answer.unwrap_err();
    problem.errors.into_iter().map(|fault| (fault.field, fault.code)).collect()
}

/// Creates the fixture and a warehouse user. Siti carries 50 m of cable, 10 connectors and two modems.
async fn fixture_with_warehouse_user(app: TestApp) -> (Fixture, Client) {
    let fixture = Fixture::new(app).await;
    let modems = || serial_line(fixture.modem, &["SN-1", "SN-2"]);
    fixture
        .receive(vec![
            movement_line(fixture.cable, 100),
            movement_line(fixture.connector, 10),
            modems(),
        ])
        .await
        .unwrap();
    let given =
        vec![movement_line(fixture.cable, 50), movement_line(fixture.connector, 10), modems()];
    fixture.issue(&fixture.siti, given).await.unwrap();
    let gudang = fixture.app.sign_in_as(Role::Gudang).await;
    (fixture, gudang)
}

fn siti(fixture: &Fixture) -> &Client {
    let TestTechnician { client, .. } = &fixture.siti;
    client
}

async fn goods_stay_in_the_bag_until_the_warehouse_confirms(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    let mut office = Socket::open(&gudang, None).await;
    office.wait_until_ready().await;
    let lines = vec![movement_line(fixture.cable, 20), serial_line(fixture.modem, &["sn-2"])];
    let back = request(siti(&fixture), lines).await.unwrap();
    assert_eq!((back.technician_id, back.status), (fixture.siti.id, BagReturnStatus::Requested));
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 50);
    let (id, technician_id) = (back.id, fixture.siti.id);
    let event = |status| LiveEvent::BagReturn(BagReturnEvent { id, status, technician_id });
    assert_eq!(office.next().await.unwrap().event, event(BagReturnStatus::Requested));

    let after = confirm(&gudang, id, None).await.unwrap();
    assert_eq!(after.status, BagReturnStatus::Confirmed);
    assert_eq!(after.location_id, Some(fixture.warehouse));
    let counted: Vec<_> = after.lines.iter().map(|line| line.counted).collect();
    assert_eq!(counted, [Some(20), Some(1)]);
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 30);
    assert_eq!(fixture.balance(fixture.modem, fixture.siti_bag).await, 1);
    assert_eq!(
        (fixture.on_hand(fixture.cable).await, fixture.on_hand(fixture.modem).await),
        (70, 1)
    );
    let moved: Page<Movement> = gudang.get("/inventory/movements?kind=return").await;
    assert_eq!(moved.items.len(), 2);
    assert!(moved.items.iter().all(|one| one.kind == MovementKind::Return));
    assert_eq!(moved.items[0].reason, Some(format!("Pengembalian #{id}")));
    fixture.assert_ledger_sound().await;
}

async fn uncounted_goods_stay_in_the_bag(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    let named = vec![
        movement_line(fixture.cable, 20),
        movement_line(fixture.connector, 4),
        serial_line(fixture.modem, &["SN-1", "SN-2"]),
    ];
    let back = request(siti(&fixture), named).await.unwrap();
    let counted = vec![movement_line(fixture.cable, 18), serial_line(fixture.modem, &["SN-2"])];
    let after = confirm(&gudang, back.id, Some(counted)).await.unwrap();
    let of = |item| after.lines.iter().find(|line| line.item_id == item).unwrap();
    assert_eq!((of(fixture.cable).quantity, of(fixture.cable).counted), (20, Some(18)));
    assert_eq!(of(fixture.connector).counted, Some(0), "listed but missing");
    assert_eq!(of(fixture.modem).counted_serial_numbers, ["SN-2"]);
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 32);
    assert_eq!(fixture.balance(fixture.connector, fixture.siti_bag).await, 10);
    assert_eq!(fixture.balance(fixture.modem, fixture.siti_bag).await, 1);
    fixture.assert_ledger_sound().await;
}

async fn a_technician_has_one_pending_return(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    let one = || request(siti(&fixture), vec![movement_line(fixture.cable, 5)]);
    let (first, second) = tokio::join!(one(), one());
    let (made, refused) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!(code(refused), E::BagReturnWaiting);
    assert_eq!(code(one().await), E::BagReturnWaiting);
    confirm(&gudang, made.unwrap().id, None).await.unwrap();
    assert!(one().await.is_ok(), "the next one may follow");
}

async fn of_two_concurrent_confirmations_one_wins(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    for _ in 0..5 {
        let back = request(siti(&fixture), vec![movement_line(fixture.cable, 5)]).await.unwrap();
        let (one, other) =
            tokio::join!(confirm(&gudang, back.id, None), confirm(&fixture.admin, back.id, None));
        let refused = if one.is_ok() { other } else { one };
        assert_eq!(code(refused), E::BagReturnDecided);
    }
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 25);
    fixture.assert_ledger_sound().await;
}

async fn a_return_is_limited_to_the_contents_of_the_bag(app: TestApp) {
    let (fixture, _) = fixture_with_warehouse_user(app).await;
    let cases = [
        (vec![], "lines", E::Required),
        (vec![movement_line(fixture.cable, 0)], "lines[0].quantity", E::NotPositive),
        (vec![movement_line(fixture.cable, 51)], "lines[0].quantity", E::InsufficientStock),
        (vec![movement_line(fixture.modem, 1)], "lines[0].serial_numbers", E::SerialsRequired),
        (
            vec![serial_line(fixture.modem, &["SN-9"])],
            "lines[0].serial_numbers[0]",
            E::UnitNotAvailable,
        ),
        (
            vec![serial_line(fixture.modem, &["SN\n1"])],
            "lines[0].serial_numbers[0]",
            E::InvalidText,
        ),
        (
            vec![serial_line(fixture.cable, &["SN-1"])],
            "lines[0].serial_numbers",
            E::SerialsNotAllowed,
        ),
    ];
    for (lines, field, wanted) in cases {
        assert_eq!(faults(request(siti(&fixture), lines).await), [(field.to_owned(), wanted)]);
    }
    let of_siti = BagReturnCreate {
        technician_id: Some(fixture.siti.id),
        lines: vec![movement_line(fixture.cable, 1)],
    };
    let other: Answer = fixture.agus.client.try_post(RETURNS, &of_siti).await;
    assert_eq!(faults(other), [("technician_id".to_owned(), E::UnknownReference)]);
    let none: Page<BagReturn> = fixture.admin.get(&format!("{RETURNS}?with_total=true")).await;
    assert_eq!(none.total, Some(0));
}

async fn the_confirmed_count_cannot_exceed_the_request(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    let back = request(siti(&fixture), vec![movement_line(fixture.cable, 20)]).await.unwrap();
    let cases = [
        (vec![movement_line(fixture.cable, 21)], "lines[0].quantity", E::TooMany),
        (vec![movement_line(fixture.connector, 1)], "lines[0].item_id", E::UnknownReference),
        (vec![], "lines", E::Required),
    ];
    for (lines, field, wanted) in cases {
        let answer = confirm(&gudang, back.id, Some(lines)).await;
        assert_eq!(faults(answer), [(field.to_owned(), wanted)]);
    }
    let still: BagReturn = gudang.get(&format!("{RETURNS}/{}", back.id)).await;
    assert_eq!(still, back, "a refusal changes nothing");
}

async fn goods_used_in_the_meantime_cannot_be_confirmed(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    let back = request(siti(&fixture), vec![movement_line(fixture.cable, 20)]).await.unwrap();
    let job = fixture.job_for(&fixture.siti).await.id;
    fixture.consume(siti(&fixture), job, vec![movement_line(fixture.cable, 40)]).await.unwrap();
    assert_eq!(code(confirm(&gudang, back.id, None).await), E::InsufficientStock);
    let after =
        confirm(&gudang, back.id, Some(vec![movement_line(fixture.cable, 10)])).await.unwrap();
    assert_eq!(after.lines[0].counted, Some(10));
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 0);
    fixture.assert_ledger_sound().await;
}

async fn a_technician_sees_and_withdraws_only_own_returns(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    let back = request(siti(&fixture), vec![movement_line(fixture.cable, 20)]).await.unwrap();
    let path = format!("{RETURNS}/{}", back.id);
    let agus = &fixture.agus.client;
    assert_eq!(agus.get_refused(&path).await.code, E::NotFound);
    assert_eq!(code(withdraw(agus, back.id).await), E::NotFound);
    assert!(agus.get::<Page<BagReturn>>(RETURNS).await.items.is_empty());
    let foreign = format!("{RETURNS}?technician_id={}&with_total=true", fixture.siti.id);
    let seen: Page<BagReturn> = agus.get(&foreign).await;
    assert_eq!((seen.items.len(), seen.total), (0, Some(0)));
    assert_eq!(code(confirm(siti(&fixture), back.id, None).await), E::Forbidden, "not by oneself");
    let own: Page<BagReturn> = siti(&fixture).get(RETURNS).await;
    assert_eq!(own.items.first(), Some(&back));

    let after = withdraw(siti(&fixture), back.id).await.unwrap();
    assert_eq!(after.status, BagReturnStatus::Withdrawn);
    assert_eq!(code(withdraw(siti(&fixture), back.id).await), E::BagReturnDecided);
    assert_eq!(code(confirm(&gudang, back.id, None).await), E::BagReturnDecided);
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 50);
    let path = format!("{RETURNS}?status=requested&with_total=true");
    assert_eq!(gudang.get::<Page<BagReturn>>(&path).await.total, Some(0));
}

async fn a_rejection_has_a_reason_and_moves_nothing(app: TestApp) {
    let (fixture, gudang) = fixture_with_warehouse_user(app).await;
    let back = request(siti(&fixture), vec![movement_line(fixture.cable, 20)]).await.unwrap();
    let path = format!("{RETURNS}/{}/reject", back.id);
    let none = BagReturnRejection { reason: " ".into() };
    let refused: Answer = gudang.try_post(&path, &none).await;
    assert_eq!(faults(refused), [("reason".to_owned(), E::Required)]);
    let why = BagReturnRejection { reason: "Barang belum diserahkan".into() };
    let after: BagReturn = gudang.post(&path, &why).await;
    assert_eq!(after.status, BagReturnStatus::Rejected);
    assert_eq!(after.reason.as_deref(), Some("Barang belum diserahkan"));
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 50);
}
