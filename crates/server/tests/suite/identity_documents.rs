//! Identity numbers and identity photos: encryption at rest, masking, restricted and audited access.

use std::collections::BTreeMap;

use db::{Conn, DbError};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use reqwest::{Method, Response};
use shared::audit::AuditEntry;
use shared::customer::{Customer, CustomerInput};
use shared::identity::{CustomerNik, IdentityPhoto};
use shared::import::ImportReport;
use shared::technician::Technician;
use shared::{ErrorCode, Page, Role};

use crate::harness::client::{expect_problem, expect_success, field_error};
use crate::harness::{
    Client, TestApp, create_customer, create_technician, customer_input, sample_jpeg,
};
use crate::on_both_databases;

on_both_databases!(
    an_identity_number_is_encrypted_and_shown_masked,
    revealing_an_identity_number_is_restricted_and_audited,
    sending_back_a_masked_number_keeps_the_stored_one,
    an_import_encrypts_identity_numbers_and_recognizes_them,
    plaintext_numbers_are_encrypted_at_startup,
    a_photo_is_returned_clean_and_stored_encrypted,
    replacing_or_deleting_a_photo_removes_its_file,
    technician_photos_are_restricted_to_their_managers,
    an_invalid_photo_keeps_the_old_one,
    a_file_of_another_record_cannot_be_decrypted,
    an_undecryptable_number_does_not_break_the_list,
);

const NIK: &str = "3404384937396401";
const MASKED: &str = "••••••••••••6401";

async fn with_nik(client: &Client, nik: &str) -> Customer {
    let input = CustomerInput { nik: Some(nik.into()), ..customer_input("Siti") };
    client.post("/customers", &input).await
}

async fn nik_of(client: &Client, customer: &Customer) -> String {
    let read: CustomerNik = client.get(&format!("/customers/{}/nik", customer.id)).await;
    read.nik
}

async fn actions(app: &TestApp, entity: &str, id: i64) -> Vec<String> {
    let admin = app.sign_in_as(Role::Admin).await;
    let query = format!("/audit?entity={entity}&entity_id={id}");
    let page: Page<AuditEntry> = admin.get(&query).await;
    page.items.into_iter().rev().map(|entry| entry.action).collect()
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    clear: i64,
    #[diesel(sql_type = Nullable<Text>)]
    hex: Option<String>,
}

/// Counts the plaintext numbers, and returns one encrypted number.
fn stored(conn: &mut Conn) -> Result<Stored, DbError> {
    let hex = match conn {
        Conn::Sqlite(_) => "hex(nik)",
        Conn::Postgres(_) => "encode(nik, 'hex')",
    };
    let text = format!(
        "SELECT (SELECT COUNT(*) FROM customers WHERE nik_clear IS NOT NULL) AS clear,
                (SELECT {hex} FROM customers WHERE nik IS NOT NULL ORDER BY id LIMIT 1) AS hex"
    );
    Ok(diesel::sql_query(text).get_result(conn)?)
}

async fn an_identity_number_is_encrypted_and_shown_masked(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let made = with_nik(&cs, NIK).await;
    assert_eq!(made.nik.as_deref(), Some(MASKED));
    let Stored { clear, hex } = app.db.read(stored).await.unwrap();
    let hex = hex.unwrap().to_lowercase();
    assert_eq!(clear, 0);
    let plain: String = NIK.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(hex.len() > 100 && !hex.contains(&plain) && !hex.contains(&plain[24..]));
    for role in [Role::Superadmin, Role::Admin, Role::Manager, Role::Cs] {
        let client = app.sign_in_as(role).await;
        let seen: Customer = client.get(&format!("/customers/{}", made.id)).await;
        assert_eq!(seen.nik.as_deref(), Some(MASKED), "{role}");
    }
}

async fn revealing_an_identity_number_is_restricted_and_audited(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let (made, without) = (with_nik(&cs, NIK).await, create_customer(&cs, "Ani").await);
    let path = format!("/customers/{}/nik", made.id);
    for role in [Role::Manager, Role::Gudang, Role::User] {
        let client = app.sign_in_as(role).await;
        assert_eq!(client.get_refused(&path).await.code, ErrorCode::Forbidden, "{role}");
    }
    for client in [&cs, &app.sign_in_as(Role::Admin).await, &app.sign_in_as(Role::Superadmin).await]
    {
        let response = client.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(expect_success::<CustomerNik>(response).await.nik, NIK);
    }
    let path = format!("/customers/{}/nik", without.id);
    assert_eq!(cs.get_refused(&path).await.code, ErrorCode::NotFound);
    assert_eq!(cs.get_refused("/customers/4711/nik").await.code, ErrorCode::NotFound);
    let read = "customer.read_nik";
    assert_eq!(actions(&app, "customer", made.id.0).await, ["customer.create", read, read, read]);
    assert_eq!(actions(&app, "customer", without.id.0).await, ["customer.create"]);
}

async fn sending_back_a_masked_number_keeps_the_stored_one(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let made = with_nik(&cs, NIK).await;
    let path = format!("/customers/{}", made.id);
    let with =
        |nik: Option<&str>| CustomerInput { nik: nik.map(str::to_owned), ..customer_input("Siti") };
    let same: Customer = cs.put(&path, 1, &with(Some(MASKED))).await;
    let same: Customer = cs.put(&path, same.version, &with(None)).await;
    assert_eq!((same.nik.as_deref(), nik_of(&cs, &made).await.as_str()), (Some(MASKED), NIK));
    let other = "••••••••••••9999";
    let problem = cs.put_refused(&path, same.version, &with(Some(other))).await;
    assert_eq!(field_error(&problem, "nik"), ErrorCode::InvalidNik);
    assert_eq!(nik_of(&cs, &made).await, NIK);
    let problem = cs.post_refused("/customers", &with(Some(MASKED))).await;
    assert_eq!(field_error(&problem, "nik"), ErrorCode::InvalidNik);
    let changed: Customer = cs.put(&path, same.version, &with(Some("3404 0112 1290 0001"))).await;
    assert_eq!(changed.nik.as_deref(), Some("••••••••••••0001"));
    assert_eq!(nik_of(&cs, &made).await, "3404011212900001");
}

async fn an_import_encrypts_identity_numbers_and_recognizes_them(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let import = |nik: &'static str, more: &'static str| {
        let cs = cs.clone();
        async move {
            let head = "number,name,phone,address,nik\n";
            let file = format!("{head}SLM1,Siti,081234567890,Jl. A,{nik}\n{more}");
            let file = file.into_bytes();
            expect_success::<ImportReport>(cs.upload("/customers/import", "a.csv", file, &[]).await)
                .await
        }
    };
    let second = "SLM2,Budi,081234567891,Jl. B,\n,Ani,081234567892,Jl. C,3404011212900001\n";
    assert_eq!(import(NIK, second).await.created, 3);
    let Stored { clear, hex } = app.db.read(stored).await.unwrap();
    assert!(clear == 0 && hex.is_some());
    let list: Page<Customer> = cs.get("/customers?sort=name").await;
    let [ani, budi, siti] = list.items.as_slice() else { panic!("{list:?}") };
    assert_eq!(nik_of(&cs, siti).await, NIK);
    assert_eq!(nik_of(&cs, ani).await, "3404011212900001");
    assert_eq!(budi.nik, None);
    // The same value, the masked value and no value change nothing.
    for nik in [NIK, MASKED, ""] {
        let report = import(nik, second).await;
        assert_eq!((report.updated, report.unchanged), (0, 3), "{nik}");
    }
    assert_eq!(import("3404011212900009", "").await.updated, 1);
    assert_eq!(nik_of(&cs, siti).await, "3404011212900009");
    let trace = ["customer.create", "customer.read_nik", "customer.update", "customer.read_nik"];
    assert_eq!(actions(&app, "customer", siti.id.0).await, trace);
}

async fn plaintext_numbers_are_encrypted_at_startup(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    for number in 0..3 {
        create_customer(&cs, &format!("Siti {number}")).await;
    }
    let newer = with_nik(&cs, NIK).await;
    app.db
        .read(|conn| {
            let text = "UPDATE customers SET nik_clear = '340401121290000' || (id % 10)";
            Ok::<_, DbError>(diesel::sql_query(text).execute(conn)?)
        })
        .await
        .unwrap();
    assert_eq!(app.db.read(stored).await.unwrap().clear, 4);
    let encrypted =
        services::encryption_at_rest::encrypt_plaintext_niks(&app.db, &app.cipher).await.unwrap();
    assert_eq!(encrypted, 4);
    assert_eq!(app.db.read(stored).await.unwrap().clear, 0);
    let again =
        services::encryption_at_rest::encrypt_plaintext_niks(&app.db, &app.cipher).await.unwrap();
    assert_eq!(again, 0);
    let list: Page<Customer> = cs.get("/customers?q=siti%20").await;
    for customer in list.items.iter().filter(|customer| customer.id != newer.id) {
        let expected = format!("340401121290000{}", customer.id.0 % 10);
        assert_eq!(nik_of(&cs, customer).await, expected);
    }
    // A number encrypted later is newer than the plaintext one.
    assert_eq!(nik_of(&cs, &newer).await, NIK);
    if app.database_url.starts_with("sqlite") {
        let folder = std::fs::read_dir(app.dir.path()).unwrap();
        for file in folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let bytes = std::fs::read(&file).unwrap();
            let left = bytes.windows(15).any(|part| part == b"340401121290000");
            assert!(!left, "{} still has a number", file.display());
        }
    }
}

/// Lists every file below the upload folder.
fn files(app: &TestApp) -> BTreeMap<String, Vec<u8>> {
    let read = |path: std::path::PathBuf| {
        let bytes = std::fs::read(&path).unwrap();
        (path.display().to_string(), bytes)
    };
    app.photo_files().into_iter().map(read).collect()
}

async fn put(client: &Client, path: &str, file: Vec<u8>) -> Response {
    client.send_file(Method::PUT, path, "../../ktp.jpg", file, &[]).await
}

async fn a_photo_is_returned_clean_and_stored_encrypted(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    assert!(!siti.identity_photo);
    let path = format!("/customers/{}/identity-photo", siti.id);
    assert_eq!(cs.get_refused(&path).await.code, ErrorCode::NotFound);
    let kept: IdentityPhoto = expect_success(put(&cs, &path, sample_jpeg()).await).await;
    assert_eq!((kept.width, kept.height, kept.uploaded_by.as_str()), (64, 48, "Orang cs"));
    let seen: Customer = cs.get(&format!("/customers/{}", siti.id)).await;
    assert!(seen.identity_photo);
    let list: Page<Customer> = cs.get("/customers").await;
    assert!(list.items[0].identity_photo);

    let response = cs.request(Method::GET, &path).send().await.unwrap();
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "image/jpeg");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let bytes = response.bytes().await.unwrap();
    let shown = image::load_from_memory(&bytes).unwrap();
    assert_eq!((shown.width(), shown.height()), (64, 48));

    let files = files(&app);
    assert_eq!(files.len(), 1);
    for (name, encrypted) in &files {
        assert!(name.ends_with(".sealed") && !name.contains("ktp"), "{name}");
        assert!(image::guess_format(encrypted).is_err());
        assert!(!encrypted.windows(4).any(|part| part == b"JFIF"));
    }
    for role in [Role::Manager, Role::Gudang, Role::User] {
        let client = app.sign_in_as(role).await;
        assert_eq!(client.get_refused(&path).await.code, ErrorCode::Forbidden, "{role}");
        let answer = put(&client, &path, sample_jpeg()).await;
        assert_eq!(expect_problem(answer).await.code, ErrorCode::Forbidden, "{role}");
    }
    let trace = ["customer.create", "customer.put_identity_photo", "customer.read_identity_photo"];
    assert_eq!(actions(&app, "customer", siti.id.0).await, trace);
}

async fn replacing_or_deleting_a_photo_removes_its_file(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let path = format!("/customers/{}/identity-photo", siti.id);
    let _: IdentityPhoto = expect_success(put(&cs, &path, sample_jpeg()).await).await;
    let first = files(&app);
    let _: IdentityPhoto = expect_success(put(&cs, &path, sample_jpeg()).await).await;
    let second = files(&app);
    assert!(first.len() == 1 && second.len() == 1 && first.keys().ne(second.keys()));
    let removed = cs.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(removed.status(), 204);
    assert!(files(&app).is_empty());
    assert_eq!(cs.get_refused(&path).await.code, ErrorCode::NotFound);
    let again = expect_problem(cs.request(Method::DELETE, &path).send().await.unwrap()).await;
    assert_eq!(again.code, ErrorCode::NotFound);
    let seen: Customer = cs.get(&format!("/customers/{}", siti.id)).await;
    assert!(!seen.identity_photo);
    let put = "customer.put_identity_photo";
    let trace = ["customer.create", put, put, "customer.remove_identity_photo"];
    assert_eq!(actions(&app, "customer", siti.id.0).await, trace);
}

async fn technician_photos_are_restricted_to_their_managers(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let path = format!("/technicians/{}/identity-photo", budi.id);
    let _: IdentityPhoto = expect_success(put(&admin, &path, sample_jpeg()).await).await;
    let seen: Technician = admin.get(&format!("/technicians/{}", budi.id)).await;
    assert!(seen.identity_photo && !budi.record.identity_photo);
    assert!(admin.request(Method::GET, &path).send().await.unwrap().status().is_success());
    for client in
        [&app.sign_in_as(Role::Cs).await, &app.sign_in_as(Role::Manager).await, &budi.client]
    {
        assert_eq!(client.get_refused(&path).await.code, ErrorCode::Forbidden);
    }
    let removed = admin.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(removed.status(), 204);
    let trace = actions(&app, "technician", budi.id.0).await;
    assert_eq!(
        trace[1..],
        [
            "technician.put_identity_photo",
            "technician.read_identity_photo",
            "technician.remove_identity_photo"
        ]
    );
    let nobody = put(&admin, "/technicians/4711/identity-photo", sample_jpeg()).await;
    assert_eq!(expect_problem(nobody).await.code, ErrorCode::NotFound);
    assert!(files(&app).is_empty());
}

async fn an_invalid_photo_keeps_the_old_one(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let path = format!("/customers/{}/identity-photo", siti.id);
    let _: IdentityPhoto = expect_success(put(&cs, &path, sample_jpeg()).await).await;
    let before = files(&app);
    let problem = expect_problem(put(&cs, &path, b"ini bukan foto".to_vec()).await).await;
    assert_eq!(problem.code, ErrorCode::UnsupportedMediaType);
    assert_eq!(files(&app), before);
    assert!(cs.request(Method::GET, &path).send().await.unwrap().status().is_success());
}

async fn a_file_of_another_record_cannot_be_decrypted(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let (siti, budi) = (create_customer(&cs, "Siti").await, create_customer(&cs, "Budi").await);
    let path = |customer: &Customer| format!("/customers/{}/identity-photo", customer.id);
    let _: IdentityPhoto = expect_success(put(&cs, &path(&siti), sample_jpeg()).await).await;
    let of_siti = files(&app);
    let _: IdentityPhoto = expect_success(put(&cs, &path(&budi), sample_jpeg()).await).await;
    let of_budi = files(&app).into_keys().find(|name| !of_siti.contains_key(name)).unwrap();
    std::fs::write(of_budi, of_siti.values().next().unwrap()).unwrap();
    let response = cs.request(Method::GET, &path(&budi)).send().await.unwrap();
    assert_eq!(response.status(), 500);
}

async fn an_undecryptable_number_does_not_break_the_list(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let (siti, budi) = (with_nik(&cs, NIK).await, with_nik(&cs, "3404011212900001").await);
    let copy = "UPDATE customers SET nik = (SELECT nik FROM customers WHERE name = 'Siti' ORDER BY id LIMIT 1)";
    app.db
        .read(move |conn| Ok::<_, DbError>(diesel::sql_query(copy).execute(conn)?))
        .await
        .unwrap();
    let list: Page<Customer> = cs.get("/customers?sort=created_at").await;
    let shown: Vec<_> = list.items.iter().map(|customer| customer.nik.as_deref()).collect();
    assert_eq!(shown, [Some(MASKED), Some("••••••••••••••••")]);
    assert_eq!(nik_of(&cs, &siti).await, NIK);
    let path = format!("/customers/{}/nik", budi.id);
    let response = cs.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(response.status(), 500);
    // A new number replaces it.
    let input = CustomerInput { nik: Some("3404011212900001".into()), ..customer_input("Budi") };
    let _: Customer = cs.put(&format!("/customers/{}", budi.id), 1, &input).await;
    assert_eq!(nik_of(&cs, &budi).await, "3404011212900001");
}
