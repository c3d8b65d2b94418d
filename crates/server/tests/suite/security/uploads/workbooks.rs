//! Spreadsheets.

use shared::{ErrorCode, Problem, Role};

use super::bodies;
use crate::harness::{Backend, TestApp};

/// A ZIP archive with one file of this many zeros.
fn archive(name: &str, count: usize) -> Vec<u8> {
    let packed = bodies::packed_zeros(count);
    let sizes = [packed.len() as u32, count as u32].map(u32::to_le_bytes).concat();
    let name_length = (name.len() as u16).to_le_bytes();
    // Version, flags, method 8 (deflate), time, date; the checksum comes to nobody's eyes.
    let common: [&[u8]; 2] = [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0], &sizes];
    let common = common.concat();
    let local =
        [b"PK\x03\x04".as_slice(), &common, &name_length, &[0; 2], name.as_bytes(), &packed]
            .concat();
    let central =
        [b"PK\x01\x02\x14\0".as_slice(), &common, &name_length, &[0; 16], name.as_bytes()].concat();
    let end = [
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(),
        &(central.len() as u32).to_le_bytes(),
        &(local.len() as u32).to_le_bytes(),
        &[0; 2],
    ]
    .concat();
    [local, central, end].concat()
}

/// One database is enough: nothing of it is reached.
#[tokio::test]
async fn a_workbook_that_unfolds_without_end_is_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    let cs = app.login(Role::Cs).await;
    let file = archive("xl/workbook.xml", 410 * 1024 * 1024);
    assert!(file.len() < 3 * 1024 * 1024, "{} bytes", file.len());
    let answer = cs.upload("/customers/import?dry_run=true", "pelanggan.xlsx", file, &[]).await;
    assert_eq!(answer.status(), 422);
    let problem: Problem = answer.json().await.unwrap();
    assert_eq!(problem.errors[0].code, ErrorCode::UnreadableFile);
    assert!(problem.errors[0].message.contains("400 MB"), "{problem:?}");
}
