//! Store of the files that users and the bot have sent.

use std::collections::HashMap;

use actix_web::web::Bytes;

use crate::types::{Document, File, PhotoSize};

/// Largest file that a bot may download, in bytes.
pub(crate) const MAX_DOWNLOAD: usize = 20 * 1024 * 1024;
/// Largest photo that a bot may send, in bytes.
pub(crate) const MAX_PHOTO: usize = 10 * 1024 * 1024;
/// Largest file that a bot may send, in bytes.
pub(crate) const MAX_UPLOAD: usize = 50 * 1024 * 1024;

/// A PNG of one pixel, the content of each thumbnail.
const THUMBNAIL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 4, 0, 0, 0, 0xb5, 0x1c, 0x0c, 0x02, 0, 0, 0, 0x0b, b'I', b'D', b'A', b'T',
    0x78, 0xda, 0x63, 0x64, 0xf8, 0x0f, 0, 0x01, 0x05, 0x01, 0x01, 0x27, 0x18, 0xe3, 0x66, 0, 0, 0,
    0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// The kind as which a file was sent. It can be sent again only as the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Photo,
    Document,
}

impl FileKind {
    /// Returns Telegram's name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Photo => "Photo",
            Self::Document => "Document",
        }
    }

    /// Returns the name of the argument.
    pub fn field(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Document => "document",
        }
    }

    pub fn max_bytes(self) -> usize {
        match self {
            Self::Photo => MAX_PHOTO,
            Self::Document => MAX_UPLOAD,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub kind: FileKind,
    pub bytes: Bytes,
    pub name: String,
    pub mime: String,
    path: String,
}

#[derive(Debug, Default)]
pub(crate) struct FileStore {
    by_id: HashMap<String, StoredFile>,
    by_path: HashMap<String, String>,
    count: u64,
}

impl FileStore {
    /// Stores a photo in two sizes.
    pub fn add_photo(&mut self, bytes: impl Into<Bytes>) -> Vec<PhotoSize> {
        self.count += 1;
        let id = format!("photo-{}", self.count);
        let photo = |bytes, path| StoredFile {
            kind: FileKind::Photo,
            bytes,
            name: "photo.jpg".into(),
            mime: "image/jpeg".into(),
            path,
        };
        let path = format!("photos/file_{}", self.count);
        let small = photo(Bytes::from_static(THUMBNAIL), format!("{path}_small.png"));
        self.insert(format!("{id}-small"), small);
        self.insert(id.clone(), photo(bytes.into(), format!("{path}.jpg")));
        self.photo_sizes(&id)
    }

    /// Returns the sizes of a stored photo.
    pub fn photo_sizes(&self, id: &str) -> Vec<PhotoSize> {
        let id = id.trim_end_matches("-small");
        let size = |id: String, width, height| PhotoSize {
            file_unique_id: unique_id(&id),
            file_size: self.by_id.get(&id).map_or(0, |stored| stored.bytes.len()),
            file_id: id,
            width,
            height,
        };
        vec![size(format!("{id}-small"), 90, 67), size(id.to_owned(), 1280, 960)]
    }

    /// Stores a file.
    pub fn add_document(
        &mut self,
        bytes: impl Into<Bytes>,
        name: String,
        mime: String,
    ) -> Document {
        self.count += 1;
        let id = format!("document-{}", self.count);
        let end = name.rsplit_once('.').map_or("bin", |(_, end)| end);
        let path = format!("documents/file_{}.{end}", self.count);
        let bytes = bytes.into();
        self.insert(id.clone(), StoredFile { kind: FileKind::Document, bytes, name, mime, path });
        self.document_info(&id)
    }

    /// Returns a stored file as a `Document` object.
    pub fn document_info(&self, id: &str) -> Document {
        let stored = self.by_id.get(id);
        Document {
            file_id: id.to_owned(),
            file_unique_id: unique_id(id),
            file_name: stored.map(|it| it.name.clone()).unwrap_or_default(),
            mime_type: stored.map(|it| it.mime.clone()).unwrap_or_default(),
            file_size: stored.map_or(0, |it| it.bytes.len()),
        }
    }

    fn insert(&mut self, id: String, stored: StoredFile) {
        self.by_path.insert(stored.path.clone(), id.clone());
        self.by_id.insert(id, stored);
    }

    pub fn get(&self, id: &str) -> Option<&StoredFile> {
        self.by_id.get(id)
    }

    /// Returns the file with this download path.
    pub fn by_download_path(&self, path: &str) -> Option<&StoredFile> {
        self.by_id.get(self.by_path.get(path)?)
    }

    /// Returns the result of `getFile`.
    pub fn file_info(&self, id: &str) -> Option<File> {
        self.by_id.get(id).map(|stored| File {
            file_id: id.to_owned(),
            file_unique_id: unique_id(id),
            file_size: stored.bytes.len(),
            file_path: stored.path.clone(),
        })
    }
}

fn unique_id(id: &str) -> String {
    format!("u-{id}")
}
