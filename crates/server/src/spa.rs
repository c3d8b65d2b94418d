//! Static files of the browser application, embedded in the binary and compressed in advance.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist/"]
#[allow_missing = true]
struct Embedded;

/// Source of the files.
#[derive(Debug, Clone)]
pub enum SpaSource {
    /// The binary.
    Embedded,
    /// A folder, for development.
    Folder(PathBuf),
}

/// For files with a content hash in their name, which never change.
const IMMUTABLE_CACHE: &str = "public, max-age=31536000, immutable";

struct Asset {
    bytes: Cow<'static, [u8]>,
    brotli: bool,
}

impl SpaSource {
    fn file(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            SpaSource::Embedded => Embedded::get(name).map(|file| file.data),
            SpaSource::Folder(folder) => {
                let inside = Path::new(name)
                    .components()
                    .all(|part| matches!(part, std::path::Component::Normal(_)));
                let path = folder.join(name);
                if inside { std::fs::read(path).ok().map(Cow::Owned) } else { None }
            }
        }
    }

    fn asset(&self, name: &str, brotli: bool) -> Option<Asset> {
        let compressed = brotli.then(|| self.file(&format!("{name}.br"))).flatten();
        match compressed {
            Some(bytes) => Some(Asset { bytes, brotli: true }),
            None => self.file(name).map(|bytes| Asset { bytes, brotli: false }),
        }
    }
}

/// Serves a file of the application, and the start page for the address of every page.
pub async fn serve(request: HttpRequest, spa: Data<SpaSource>) -> HttpResponse {
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let brotli =
        accepted.is_some_and(|value| value.split(',').any(|part| part.trim().starts_with("br")));
    let name = request.path().trim_start_matches('/');
    let is_page = !name.rsplit('/').next().unwrap_or_default().contains('.');
    let name = if is_page { "index.html" } else { name };
    let Some(asset) = spa.asset(name, brotli) else {
        return not_found(is_page);
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(mime_guess::from_path(name).first_or_octet_stream().to_string())
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header((
            CACHE_CONTROL,
            if has_content_hash(name) { IMMUTABLE_CACHE } else { "no-cache" },
        ));
    if asset.brotli {
        response.insert_header((CONTENT_ENCODING, "br"));
    }
    response.body(asset.bytes.into_owned())
}

fn not_found(is_page: bool) -> HttpResponse {
    let mut response = HttpResponse::NotFound();
    response.content_type("text/plain; charset=utf-8");
    if is_page {
        response.body(
            "This binary was built without the browser application: cargo xtask run builds it.\n",
        )
    } else {
        response.body("not found\n")
    }
}

/// Whether a name has a content hash: `frontend-1a2b3c4d5e6f7a8b_bg.wasm`.
fn has_content_hash(name: &str) -> bool {
    name.split(['-', '_', '.', '/'])
        .any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_forever() {
        assert!(has_content_hash("frontend-3f2a90bc11d4e7aa_bg.wasm"));
        assert!(!has_content_hash("index.html"));
        assert!(!has_content_hash("icon.svg"));
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = std::env::temp_dir();
        assert!(SpaSource::Folder(folder).file("../etc/passwd").is_none());
    }
}
