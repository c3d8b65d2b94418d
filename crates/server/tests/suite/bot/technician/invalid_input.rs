//! Invalid answers during a completion report: a one-line hint, and the step stays.

use shared::job_state_machine::JobStatus;

use super::fixtures::{Fixture, MODEM, arrive, open_report, ordered_transcript};
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(starting: every_invalid_answer_gets_a_one_line_hint);

async fn every_invalid_answer_gets_a_one_line_hint(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send_sticker();
    phone.expect("Ketik laporannya dulu").await;
    phone.send_voice();
    phone
        .wait_for("the line again", |chat| {
            (chat.texts().iter().filter(|text| text.contains("Ketik laporannya dulu")).count() == 2)
                .then_some(())
        })
        .await;
    phone.share_location(-7.71, 110.40);
    phone.expect("Lokasi Anda dicatat. Ketik laporannya dulu").await;
    phone.send("Selesai <b>semua</b> & rapi");
    phone.expect("Kirim foto, boleh beberapa").await;
    phone.send("sudah saya kirim");
    phone.expect("Kirim fotonya: dari kamera").await;
    phone.send_document(b"catatan".to_vec(), "catatan.txt", "text/plain");
    phone
        .wait_for("the line again", |chat| {
            (chat.texts().iter().filter(|text| text.contains("dari kamera")).count() == 2)
                .then_some(())
        })
        .await;
    phone.send_document(b"bukan gambar".to_vec(), "palsu.jpg", "image/jpeg");
    phone.expect("Kirim foto lain").await;
    phone.send_photo(vec![0; 50 * 1024 * 1024], None);
    phone.expect("Fotonya terlalu besar").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Nomor seri ONT?").await;
    phone.send("tidak tahu");
    phone.expect("Nomor seri itu huruf dan angka").await;
    phone.send_sticker();
    phone
        .wait_for("the line again", |chat| {
            (chat.texts().iter().filter(|text| text.contains("huruf dan angka")).count() == 2)
                .then_some(())
        })
        .await;
    phone.send(&MODEM.to_lowercase());
    phone.expect("Redaman berapa dBm?").await;
    phone.send("bagus");
    phone.expect("Ketik redamannya dalam dBm").await;
    phone.send("-215");
    phone.expect("-215 dBm tidak mungkin").await;
    phone.send("21.5 dBm");
    phone.expect("Dicatat sebagai -21,5 dBm").await;
    phone.send("30 meter");
    phone.expect("Atur material dengan tombol").await;
    phone.tap("50 m Kabel dropcore");
    phone.expect("Atau ketik jumlahnya").await;
    phone.send("enam puluh");
    phone.expect("Ketik jumlahnya dengan angka").await;
    phone.send("60");
    phone.expect("Di tas hanya ada 50 m").await;
    phone.send("35 m");
    phone.expect_button("35 m Kabel dropcore").await;
    phone.tap("➖");
    phone.expect_button("30 m Kabel dropcore").await;
    phone.tap("Material sesuai");
    phone.expect("Semua lengkap").await;
    phone.send("ok");
    phone.expect("Tekan Kirim & selesai").await;
    assert_eq!(fixture.job(&job).await.status, JobStatus::InProgress);
    phone.tap("Kirim & selesai");
    phone.expect("Di tas: 20 m Kabel dropcore").await;
    phone.expect_toast("Terkirim").await;
    insta::assert_snapshot!("transcript", ordered_transcript(&phone));
}
