//! Bag returns in the chats of the technician and of the warehouse.

use shared::inventory::{
    BagReturn, BagReturnConfirmation, BagReturnRejection, BagReturnStatus, Line, Stock,
};
use shared::user::{User, UserUpdate};
use shared::{BagReturnId, Page, Role};
use telegram_fake::TestUser;

use super::fixtures::{
    Fixture, MODEM, message_count, message_with_button, ordered_transcript, press_button,
};
use crate::harness::telegram::user_id;
use crate::harness::{Backend, Client, TestTechnician};
use crate::on_both_databases;

on_both_databases!(
    starting: items_are_returned_despite_invalid_input_at_every_step,
    a_return_sent_twice_is_stored_once,
    differing_counts_are_shown_to_the_technician,
    a_rejection_is_notified_with_its_reason,
    withdrawing_a_return_notifies_the_warehouse,
    a_former_warehouse_user_cannot_confirm_returns,
    without_warehouse_users_the_admins_are_asked,
);

const RETURNS: &str = "/inventory/bag-returns";

/// Creates a technician who carries 50 m of cable, a connector and a modem, and a warehouse user.
async fn people(fixture: &Fixture) -> (TestTechnician, TestUser, Client, TestUser) {
    let (keeper, store) = fixture.bot_app.office_user(Role::Gudang, "Ani").await;
    let (technician, phone) = carrier(fixture).await;
    (technician, phone, keeper, store)
}

async fn carrier(fixture: &Fixture) -> (TestTechnician, TestUser) {
    let (technician, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    press_button(&phone, &job.number, "Ambil").await;
    phone.expect_toast("milik Anda").await;
    message_with_button(&phone, &job.number, "Berangkat").await;
    phone.send("/bag");
    message_with_button(&phone, "Isi tas Anda", "Kembalikan sisa").await;
    (technician, phone)
}

/// Requests the return of everything in the bag.
async fn request_everything(phone: &TestUser) {
    press_button(phone, "Isi tas Anda", "Kembalikan sisa").await;
    press_button(phone, "Apa yang dikembalikan?", "Semua isi tas").await;
    press_button(phone, "Apa yang dikembalikan?", "Ajukan 3 barang").await;
    phone.expect_toast("dikirim ke gudang").await;
}

async fn returns(fixture: &Fixture) -> Vec<BagReturn> {
    fixture.admin.get::<Page<BagReturn>>(RETURNS).await.items
}

async fn cable_in_bag(fixture: &Fixture, of: &TestTechnician) -> i64 {
    let places: Page<shared::inventory::Location> =
        fixture.admin.get(&format!("/locations?technician_id={}", of.id)).await;
    let stock: Page<Stock> =
        fixture.admin.get(&format!("/locations/{}/stock", places.items[0].id)).await;
    stock.items.iter().find(|one| one.code == "DW-1C").map_or(0, |one| one.quantity)
}

async fn items_are_returned_despite_invalid_input_at_every_step(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (budi, phone, _, store) = people(&fixture).await;
    press_button(&phone, "Isi tas Anda", "Kembalikan sisa").await;
    phone.expect("Apa yang dikembalikan?").await;
    phone.send("modemnya");
    phone.expect("Pilih barangnya dengan tombol").await;
    phone.send_sticker();
    let twice = |phone: &TestUser| message_count(phone, "Pilih barangnya dengan tombol") == 2;
    phone.wait_for("the line again", |_| twice(&phone).then_some(())).await;
    press_button(&phone, "Apa yang dikembalikan?", "Kabel dropcore").await;
    phone.expect("Atau ketik jumlahnya").await;
    phone.send("banyak");
    phone.expect("Ketik jumlahnya dengan angka").await;
    phone.send("60");
    phone.expect("Di tas hanya ada 50 m").await;
    phone.send("20 m");
    press_button(&phone, "• 20 m Kabel dropcore", "Modem ONT").await;
    phone.expect("unit mana yang dikembalikan").await;
    phone.send("yang lama");
    phone.expect("Pilih unitnya dengan tombol").await;
    press_button(&phone, "unit mana", MODEM).await;
    message_with_button(&phone, "unit mana", &format!("☑️ {MODEM}")).await;
    press_button(&phone, "unit mana", "Kembali").await;
    press_button(&phone, MODEM, "Ajukan 2 barang").await;
    phone.expect_toast("dikirim ke gudang").await;
    phone.expect("menunggu gudang").await;
    assert_eq!(cable_in_bag(&fixture, &budi).await, 50, "not counted yet");
    let id = returns(&fixture).await[0].id;
    press_button(&store, "dari Budi", "Terima semua").await;
    store.expect_toast("Diterima").await;
    store.expect(&format!("Pengembalian #{id} dari Budi diterima oleh")).await;
    phone.expect("diterima gudang").await;
    assert_eq!(cable_in_bag(&fixture, &budi).await, 30);
    phone.send("/bag");
    phone.expect("• 30 m Kabel dropcore").await;
    insta::assert_snapshot!("technician", tidy(&ordered_transcript(&phone), id));
    insta::assert_snapshot!("warehouse", tidy(&ordered_transcript(&store), id));
}

/// Replaces what differs between runs.
fn tidy(story: &str, id: BagReturnId) -> String {
    story.replace(&format!("#{id}"), "#1")
}

async fn a_return_sent_twice_is_stored_once(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone, _, _) = people(&fixture).await;
    press_button(&phone, "Isi tas Anda", "Kembalikan sisa").await;
    press_button(&phone, "Apa yang dikembalikan?", "Semua isi tas").await;
    let list = message_with_button(&phone, "Apa yang dikembalikan?", "Ajukan 3 barang").await;
    phone.tap_on(list, "Ajukan 3 barang");
    phone.tap_on(list, "Ajukan 3 barang");
    phone.expect_toast("dikirim ke gudang").await;
    phone.expect_toast("tidak terbuka lagi").await;
    assert_eq!(returns(&fixture).await.len(), 1);
    message_with_button(&phone, "menunggu gudang", "Batalkan pengembalian").await;
}

async fn differing_counts_are_shown_to_the_technician(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (budi, phone, keeper, store) = people(&fixture).await;
    request_everything(&phone).await;
    let back = returns(&fixture).await.remove(0);
    let cable = back.lines.iter().find(|line| line.item_code == "DW-1C").unwrap();
    let counted = vec![Line { quantity: 48, ..cable.requested_line() }];
    let counted = BagReturnConfirmation { location_id: None, lines: Some(counted) };
    let _: BagReturn = keeper.post(&format!("{RETURNS}/{}/confirm", back.id), &counted).await;
    phone.expect("• 48 m Kabel dropcore (diajukan 50 m)").await;
    phone.expect("• 0 pcs Modem ONT (diajukan 1 pcs)").await;
    phone.expect("tetap di tas Anda").await;
    store.expect("diterima oleh").await;
    assert_eq!(cable_in_bag(&fixture, &budi).await, 2);
}

async fn a_rejection_is_notified_with_its_reason(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone, keeper, store) = people(&fixture).await;
    request_everything(&phone).await;
    let id = returns(&fixture).await[0].id;
    let why = BagReturnRejection { reason: "Serahkan dulu <barangnya>".into() };
    let _: BagReturn = keeper.post(&format!("{RETURNS}/{id}/reject"), &why).await;
    phone.expect("tidak diterima gudang: Serahkan dulu <barangnya>").await;
    store.expect("ditolak oleh").await;
    press_button(&phone, "menunggu gudang", "Batalkan pengembalian").await;
    phone.expect_toast("Gudang tidak menerima pengembalian ini").await;
    message_with_button(&phone, "Isi tas Anda", "Kembalikan sisa").await;
}

async fn withdrawing_a_return_notifies_the_warehouse(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone, _, store) = people(&fixture).await;
    request_everything(&phone).await;
    let asked = message_with_button(&store, "dari Budi", "Terima semua").await;
    press_button(&phone, "menunggu gudang", "Batalkan pengembalian").await;
    phone.expect_toast("barang tetap di tas").await;
    store.tap_on(asked, "Terima semua");
    store.expect_toast("sudah dibatalkan").await;
    store.expect("dibatalkan oleh").await;
    assert_eq!(returns(&fixture).await[0].status, BagReturnStatus::Withdrawn);
    press_button(&phone, "Isi tas Anda", "Kembalikan sisa").await;
    press_button(&phone, "Apa yang dikembalikan?", "Batal").await;
    phone.expect_toast("Tidak jadi").await;
}

async fn a_former_warehouse_user_cannot_confirm_returns(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone, keeper, store) = people(&fixture).await;
    request_everything(&phone).await;
    let asked = message_with_button(&store, "dari Budi", "Terima semua").await;
    let superadmin = fixture.bot_app.app.sign_in_as(Role::Superadmin).await;
    let path = format!("/users/{}", user_id(&keeper).await);
    let user: User = superadmin.get(&path).await;
    let update = UserUpdate { name: user.name, role: Role::Manager, active: true };
    let _: User = superadmin.put(&path, user.version, &update).await;
    // A role change unlinks the chat; it is linked again, and the old button is still there.
    store.tap_on(asked, "Terima semua");
    store.expect_toast("Silakan masuk dulu").await;
    fixture.bot_app.link(user.id, &store).await;
    store.tap_on(asked, "Terima semua");
    store.expect_toast("tidak mengizinkan").await;
    assert_eq!(returns(&fixture).await[0].status, BagReturnStatus::Requested);
}

async fn without_warehouse_users_the_admins_are_asked(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, office) = fixture.bot_app.office_user(Role::Admin, "Ratna").await;
    let (_, phone) = carrier(&fixture).await;
    request_everything(&phone).await;
    press_button(&office, "dari Budi", "Terima semua").await;
    office.expect_toast("Diterima").await;
    phone.expect("diterima gudang").await;
}
