//! Rotation of the data key.

use std::sync::Arc;

use db::TestClock;
use reqwest::Method;
use server::bootstrap;
use server::config::{Config, Environment};
use services::audit::{ChainReport, verify};
use services::encryption::Cipher;
use services::key_rotation::{RotationReport, rotate_keys};
use shared::Role;
use shared::customer::{Customer, CustomerInput};
use shared::identity::IdentityPhoto;

use crate::harness::client::expect_success;
use crate::harness::{Client, TestApp, create_customer, customer_input, monday_nine, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    after_a_rotation_the_new_key_alone_decrypts_everything,
    an_interrupted_rotation_resumes_and_reports_undecryptable_values,
);

const OLD: [u8; 32] = *b"isp-management development key, ";
const NEW: [u8; 32] = [2; 32];

const NIK: &str = "3404384937396401";

async fn somebody(cs: &Client) -> Customer {
    let input = CustomerInput { nik: Some(NIK.into()), ..customer_input("Siti") };
    let made: Customer = cs.post("/customers", &input).await;
    let path = format!("/customers/{}/identity-photo", made.id);
    let answer = cs.send_file(Method::PUT, &path, "ktp.jpg", sample_jpeg(), &[]).await;
    let _: IdentityPhoto = expect_success(answer).await;
    made
}

/// Opens the same database as another process with this key and former keys.
fn beside(app: &TestApp, key: [u8; 32], former: &[[u8; 32]]) -> (db::Db, Config) {
    use base64::Engine;
    let text = |key: &[u8; 32]| base64::engine::general_purpose::STANDARD.encode(key);
    let uploads = format!("file://{}", app.dir.path().join("uploads").display());
    let (key, former) = (text(&key), former.iter().map(text).collect::<Vec<_>>().join(","));
    let pairs = [
        ("DATABASE_URL", app.database_url.as_str()),
        ("UPLOADS_URL", &uploads),
        ("DATA_KEY", &key),
        ("DATA_KEY_PREVIOUS", &former),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::from_env(&Environment::from_pairs(pairs)).unwrap();
    let clock = Arc::new(TestClock::at(monday_nine()));
    (bootstrap::open_database_with_clock(&config, db::Purpose::Command, clock).unwrap(), config)
}

async fn after_a_rotation_the_new_key_alone_decrypts_everything(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = somebody(&cs).await;
    for _ in 0..250 {
        // More than one batch.
        let input = CustomerInput { nik: Some(NIK.into()), ..customer_input("Ani") };
        let _: Customer = cs.post("/customers", &input).await;
    }
    create_customer(&cs, "Budi").await;
    let (db, config) = beside(&app, NEW, &[OLD]);
    let store = bootstrap::open_photo_store(&db, &config).await.unwrap();
    let done = rotate_keys(&db, &config.encryption, &store).await.unwrap();
    // 251 numbers and a photo; the rotation itself keeps the key of the audit.
    assert_eq!(done, RotationReport { reencrypted: 252, current: 1, unreadable: 0 });

    let (db, config) = beside(&app, NEW, &[]);
    let cipher = config.encryption.clone();
    let opened = db
        .write(move |tx| {
            let actor = services::users::system_actor(tx)?;
            let nik = services::customers::read_nik(tx, &cipher, &actor, siti.id)?;
            let holder = services::identity_photos::CardHolder::Customer(siti.id);
            let file = services::identity_photos::read(tx, &actor, holder)?;
            let photo = services::identity_photos::decrypt(&store, &cipher, holder, &file)?;
            Ok::<_, services::Error>((nik.nik, image::load_from_memory(&photo).is_ok()))
        })
        .await
        .unwrap();
    assert_eq!(opened, (NIK.to_owned(), true));
    // Entries from before and after the rotation, without the former key.
    let cipher = config.encryption.clone();
    let ChainReport { intact, fault } = db.read(move |conn| verify(conn, &cipher)).await.unwrap();
    assert_eq!(fault, None);
    assert!(intact > 250);
    // The former key alone decrypts nothing any more.
    let former = Cipher::new(OLD, &[]);
    let encrypted = db
        .read(|conn| {
            Ok::<_, services::Error>(db::tables::customers::find(
                conn,
                shared::CustomerId(1),
                None,
            )?)
        })
        .await
        .unwrap();
    let (row, ..) = encrypted.unwrap();
    assert!(former.decrypt("customer.nik:1", &row.nik.unwrap()).is_err());
}

async fn an_interrupted_rotation_resumes_and_reports_undecryptable_values(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    somebody(&cs).await;
    let broken = somebody(&cs).await;
    crate::audit::run_sql(
        &app,
        &format!("UPDATE customers SET nik = (SELECT nik FROM customers WHERE id <> {0} ORDER BY id LIMIT 1) WHERE id = {0}", broken.id),
    )
    .await
    .unwrap();
    let (db, config) = beside(&app, NEW, &[OLD]);
    let store = bootstrap::open_photo_store(&db, &config).await.unwrap();
    let first = rotate_keys(&db, &config.encryption, &store).await.unwrap();
    assert_eq!(first, RotationReport { reencrypted: 3, current: 1, unreadable: 1 });
    let second = rotate_keys(&db, &config.encryption, &store).await.unwrap();
    assert_eq!(second, RotationReport { reencrypted: 0, current: 4, unreadable: 1 });
}

/// A column that the rotation misses is unreadable once the former key is gone.
#[test]
fn the_rotation_covers_every_encrypted_column() {
    let not_encrypted = ["audit.mac", "audit_head.mac", "audit_head.seal"];
    let known: Vec<String> = services::encryption_at_rest::columns().collect();
    let schema = include_str!("../../../db/src/schema.rs");
    let mut found = 0;
    for block in schema.split("diesel::table! {").skip(1) {
        let table = block.split('(').next().unwrap().trim();
        let columns = block.lines().filter(|line| line.contains("Binary"));
        for column in columns.filter_map(|line| line.split("->").next()) {
            let column = format!("{table}.{}", column.trim());
            assert!(
                known.contains(&column) || not_encrypted.contains(&column.as_str()),
                "{column}"
            );
            found += 1;
        }
    }
    assert_eq!(found, known.len() + not_encrypted.len());
}
