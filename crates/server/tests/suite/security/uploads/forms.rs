//! Forms: names of files, missing parts, broken ends.

use shared::{ErrorCode, Problem};

use super::{BOUNDARY, end, kind_part, nothing_but, part, send, send_as};
use crate::harness::{TestApp, jpeg};
use crate::on_both_databases;
use crate::photos::working_job;

on_both_databases!(
    the_name_of_a_file_decides_nothing,
    a_boundary_of_three_characters_is_accepted,
    a_form_that_is_none_is_refused_in_words,
    a_form_that_breaks_off_is_refused_wherever_it_does,
    one_photo_comes_with_one_file,
);

async fn the_name_of_a_file_decides_nothing(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let long = format!("{}.jpg", "n".repeat(4_096));
    let names: [&[u8]; 17] = [
        b"../../../../etc/passwd",
        b"..\\..\\..\\windows\\win.ini",
        b"/etc/cron.d/x",
        b"C:\\autoexec.bat",
        b"\\\\server\\share\\x.jpg",
        b"....//....//x.jpg",
        b"%2e%2e%2fx.jpg",
        b"x.jpg%0d%0aSet-Cookie: a=b",
        b"x\0.jpg",
        b"x.php\0.jpg",
        "gpj.\u{202e}exe".as_bytes(),
        "foto 📸 keluarga.jpg".as_bytes(),
        b"\xff\xfe\xfd.jpg",
        b".htaccess",
        b"CON",
        b"",
        long.as_bytes(),
    ];
    let mut stored = 0;
    for name in names {
        for disposition in [
            [b"name=\"file\"; filename=\"", name, b"\""].concat(),
            [b"name=\"file\"; filename=x.jpg; filename*=UTF-8''", name].concat(),
        ] {
            let form = [kind_part(), part(&disposition, &jpeg()), end()].concat();
            let response = send(&budi, job, form).await;
            let status = response.status().as_u16();
            let shown = String::from_utf8_lossy(name);
            // A name that is no header makes the form unreadable; any other is of no interest.
            assert!(matches!(status, 201 | 400 | 422), "{shown}: {status}");
            assert!(response.headers().get("set-cookie").is_none(), "{shown}");
            stored += usize::from(status == 201);
            nothing_but(&app, 2 * stored);
        }
    }
    assert!(stored > names.len(), "only {stored} names were taken");
}

async fn a_form_that_is_none_is_refused_in_words(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let form = || [kind_part(), part(b"name=\"file\"; filename=\"x\"", &jpeg()), end()].concat();
    let long = format!("multipart/form-data; boundary={}", "b".repeat(4_096));
    let kinds = [
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        ("multipart/form-data; boundary=\"\"", 415),
        ("multipart/form-data; boundary=b", 400),
        ("multipart/form-data; boundary=+++", 400),
        ("multipart/form-data; boundary=another-one", 400),
        (long.as_str(), 400),
        ("multipart/mixed; boundary=batas-antar-bagian", 415),
        ("application/json", 415),
        ("application/octet-stream", 415),
        ("image/jpeg", 415),
        ("text/plain", 415),
        ("nonsense", 415),
    ];
    for (kind, expected) in kinds {
        for body in [
            form(),
            Vec::new(),
            b"\n".to_vec(),
            b"--".to_vec(),
            b"--\n".to_vec(),
            b"--\r\n\r\n".to_vec(),
        ] {
            let response = send_as(&budi, job, kind, body).await;
            let status = response.status().as_u16();
            assert_eq!(status, expected, "{kind}");
            let problem: Problem = response.json().await.unwrap();
            assert_eq!(problem.code.status(), expected);
        }
    }
    nothing_but(&app, 0);
}

/// Clients that openapi-python-client generates send this boundary.
async fn a_boundary_of_three_characters_is_accepted(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let form = [kind_part(), part(b"name=\"file\"; filename=\"x\"", &jpeg()), end()].concat();
    let boundary = BOUNDARY.as_bytes();
    let mut short = Vec::new();
    let mut rest = form.as_slice();
    while let Some(place) = rest.windows(boundary.len()).position(|bytes| bytes == boundary) {
        short.extend_from_slice(&rest[..place]);
        short.extend_from_slice(b"+++");
        rest = &rest[place + boundary.len()..];
    }
    short.extend_from_slice(rest);
    let response = send_as(&budi, job, "multipart/form-data; boundary=+++", short).await;
    assert_eq!(response.status(), 201);
    nothing_but(&app, 2);
}

async fn a_form_that_breaks_off_is_refused_wherever_it_does(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let file = part(b"name=\"file\"; filename=\"foto.jpg\"", &jpeg());
    let whole = [kind_part(), file, end()].concat();
    let edges = (0..400).chain((400..whole.len() - 120).step_by(97));
    // Without its last line break the form is still whole.
    for length in edges.chain(whole.len() - 120..whole.len() - 2) {
        let response = send(&budi, job, whole[..length].to_vec()).await;
        let status = response.status().as_u16();
        assert!(matches!(status, 400 | 415 | 422), "{length} of {}: {status}", whole.len());
    }
    nothing_but(&app, 0);
    assert_eq!(send(&budi, job, whole).await.status(), 201);
    nothing_but(&app, 2);
}

async fn one_photo_comes_with_one_file(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let file = || part(b"name=\"file\"; filename=\"foto.jpg\"", &jpeg());
    let many_texts = (0..200).map(|number| part(format!("name=\"t{number}\"").as_bytes(), b"x"));
    let forms = [
        ("two files", [kind_part(), file(), file(), end()].concat()),
        ("no file", [kind_part(), end()].concat()),
        ("no kind", [file(), end()].concat()),
        ("no name", [kind_part(), part(b"filename=\"foto.jpg\"", &jpeg()), end()].concat()),
        ("many texts", many_texts.chain([kind_part(), file(), end()]).flatten().collect()),
        ("a long text", [part(b"name=\"kind\"", &[b'a'; 100_000]), file(), end()].concat()),
        ("a form in a form", {
            let inner = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n--inner\r\n\r\nx\r\n--inner--\r\n"
            );
            [kind_part(), inner.into_bytes(), end()].concat()
        }),
    ];
    for (name, form) in forms {
        let response = send(&budi, job, form).await;
        let status = response.status().as_u16();
        let problem: Problem = response.json().await.unwrap();
        assert!(matches!(status, 400 | 415 | 422), "{name}: {problem:?}");
        assert_ne!(problem.code, ErrorCode::Internal);
    }
    nothing_but(&app, 0);
    let unnamed = [kind_part(), part(b"name=\"file\"", &jpeg()), end()].concat();
    assert_eq!(send(&budi, job, unnamed).await.status(), 201, "a file needs no name");
    nothing_but(&app, 2);
}
