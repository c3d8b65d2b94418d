//! Notifications to the office, and live locations of technicians.

use chrono::TimeDelta;
use services::jobs;
use shared::Role;
use shared::technician::Technician;

use super::fixtures::{Fixture, arrive};
use crate::harness::Backend;
use crate::on_both_databases;

on_both_databases!(
    starting: the_office_is_notified_of_missing_stock,
    the_office_is_notified_of_sla_deadlines,
    a_live_location_updates_the_position_silently,
);

async fn the_office_is_notified_of_missing_stock(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, office) = fixture.bot_app.office_user(Role::Admin, "Rina").await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    office.expect(&format!("Stok kurang untuk {}: 1 × Konektor SC.", job.number)).await;
}

async fn the_office_is_notified_of_sla_deadlines(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, office) = fixture.bot_app.office_user(Role::Admin, "Rina").await;
    let job = fixture.repair().await;
    let (budi, phone) = fixture.technician("Budi").await;
    fixture.bot_app.app.clock.advance(TimeDelta::hours(19));
    fixture.bot_app.app.db.write(jobs::send_sla_alerts).await.unwrap();
    let near = format!("{} hampir lewat batas: hari ini 09.00 (sisa 5 jam). Belum ada", job.number);
    office.expect(&near).await;
    phone.send("/jobs");
    phone.expect_button(&job.number).await;
    phone.tap(&job.number);
    phone.expect_button("Ambil").await;
    phone.tap("Ambil");
    phone.expect("Diterima").await;
    fixture.bot_app.app.clock.advance(TimeDelta::hours(6));
    fixture.bot_app.app.db.write(jobs::send_sla_alerts).await.unwrap();
    let late = format!("{} lewat batas sejak hari ini 09.00. Teknisi: Budi.", job.number);
    office.expect(&late).await;
    assert_eq!(budi.record.name, "Budi");
}

async fn a_live_location_updates_the_position_silently(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (budi, phone) = fixture.technician("Budi").await;
    phone.share_live_location(-7.80, 110.36);
    phone.move_live_location(-7.81, 110.37);
    phone.send("/jobs");
    phone.expect("Belum ada pekerjaan").await;
    let path = format!("/technicians/{}", budi.id);
    let seen: Technician = fixture.admin.get(&path).await;
    assert_eq!((seen.last_latitude, seen.last_longitude), (Some(-7.81), Some(110.37)));
    assert_eq!(phone.chat().texts().len(), 1, "{}", phone.transcript());
}
