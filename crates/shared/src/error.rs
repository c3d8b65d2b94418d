//! Error codes and problem documents (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::Lang;

macro_rules! error_codes {
    ($($(#[$meta:meta])* $variant:ident, $text:tt, $status:literal, $en:literal, $id:literal;)+) => {
        crate::text_enum! {
            /// Why a request was refused. The set is closed: clients can match on it exhaustively.
            ErrorCode { $($(#[$meta])* $variant => $text),+ }
        }

        impl ErrorCode {
            /// The HTTP status of the code.
            pub const fn status(self) -> u16 {
                match self { $(ErrorCode::$variant => $status),+ }
            }

            const fn template(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((ErrorCode::$variant, Lang::En) => $en,
                      (ErrorCode::$variant, Lang::Id) => $id),+
                }
            }
        }
    };
}

error_codes! {
    MalformedRequest, "malformed_request", 400, "The request cannot be read: {}.", "Permintaan tidak dapat dibaca: {}.";
    IfMatchNotSupported, "if_match_not_supported", 400, "This request does not compare versions. Send it without If-Match.", "Permintaan ini tidak membandingkan versi. Kirim tanpa If-Match.";
    InvalidCursor, "invalid_cursor", 400, "The cursor is not valid. Start again from the first page.", "Penanda halaman tidak sah. Mulai lagi dari halaman pertama.";

    NotAuthenticated, "not_authenticated", 401, "Please sign in.", "Silakan masuk dulu.";
    InvalidCredentials, "invalid_credentials", 401, "User name or password is wrong.", "Nama pengguna atau kata sandi salah.";
    SecondFactorRequired, "second_factor_required", 401, "Enter the code from your authenticator app as well.", "Isi juga kode dari aplikasi autentikator Anda.";
    SecondFactorWrong, "second_factor_wrong", 401, "The code is wrong or was used already. Wait for the next one.", "Kode salah atau sudah dipakai. Tunggu kode berikutnya.";
    TokenExpired, "token_expired", 401, "Your sign-in has expired. Please sign in again.", "Sesi Anda sudah berakhir. Silakan masuk lagi.";

    Forbidden, "forbidden", 403, "Your role does not allow this.", "Peran Anda tidak mengizinkan ini.";
    SignInRequired, "sign_in_required", 403, "This is not possible with an API key. Please sign in.", "Kunci API tidak cukup di sini. Silakan masuk.";
    CannotModifySelf, "cannot_modify_self", 403, "You cannot change your own role, disable your own account or reset your own password here.", "Peran, status, dan kata sandi akun sendiri tidak bisa diubah di sini.";
    RegistrationClosed, "registration_closed", 403, "Registration is closed. Ask an administrator for an account.", "Pendaftaran ditutup. Minta akun kepada administrator.";
    PasswordChangeRequired, "password_change_required", 403, "Change your password first.", "Ganti kata sandi Anda dulu.";
    SecondFactorSetupRequired, "second_factor_setup_required", 403, "Set up two-step verification first.", "Aktifkan dulu verifikasi dua langkah Anda.";

    NotFound, "not_found", 404, "This does not exist, or you may not see it.", "Data ini tidak ada, atau Anda tidak berhak melihatnya.";
    MethodNotAllowed, "method_not_allowed", 405, "This address does not support that method.", "Alamat ini tidak menerima metode itu.";

    IllegalTransition, "illegal_transition", 409, "This is not possible in the job's current status. Possible: {}.", "Langkah ini tidak bisa dilakukan pada status pekerjaan saat ini. Yang bisa: {}.";
    AlreadyClaimed, "already_claimed", 409, "{} has already taken this job.", "Pekerjaan ini sudah diambil oleh {}.";
    Duplicate, "duplicate", 409, "This already exists.", "Data ini sudah ada.";
    InsufficientStock, "insufficient_stock", 409, "Not enough stock: only {} available.", "Stok tidak cukup: hanya ada {}.";
    UnitNotAvailable, "unit_not_available", 409, "The unit with serial number {} is not at this location.", "Unit dengan nomor seri {} tidak ada di lokasi ini.";
    OpenJobExists, "open_job_exists", 409, "This customer already has an open job of this type: {}. Confirm to create another one.", "Pelanggan ini masih punya pekerjaan terbuka sejenis: {}. Konfirmasi jika tetap ingin membuat satu lagi.";
    DeviceInstalled, "device_installed", 409, "This ONT is at another customer: {}. Check the serial number.", "ONT ini terpasang di pelanggan lain: {}. Periksa nomor serinya.";
    NotReversible, "not_reversible", 409, "A reversal cannot be reversed. Record the movement again.", "Pembatalan tidak bisa dibatalkan. Catat lagi pergerakannya.";
    JobNotEditable, "job_not_editable", 409, "A finished or cancelled job cannot be changed.", "Pekerjaan yang sudah selesai atau batal tidak bisa diubah.";
    TechnicianInactive, "technician_inactive", 409, "This technician is not active.", "Teknisi ini tidak aktif.";
    TechnicianBusy, "technician_busy", 409, "This technician still has unfinished jobs ({}). Hand them over first.", "Teknisi ini masih punya pekerjaan yang belum selesai ({}). Alihkan dulu.";
    NoCandidate, "no_candidate", 409, "There is no suitable technician on duty. Choose one yourself.", "Tidak ada teknisi yang sesuai dan sedang bertugas. Pilih sendiri teknisinya.";
    EvidenceMissing, "evidence_missing", 409, "Photos still missing before the job can be completed: {}.", "Foto yang masih kurang sebelum pekerjaan bisa diselesaikan: {}.";
    SecondFactorAlreadyEnabled, "second_factor_already_enabled", 409, "Two-step verification is already enabled.", "Verifikasi dua langkah sudah aktif.";
    SecondFactorNotEnabled, "second_factor_not_enabled", 409, "Two-step verification is not enabled.", "Verifikasi dua langkah belum aktif.";
    LastSuperadmin, "last_superadmin", 409, "At least one active superadmin must remain.", "Harus tetap ada paling sedikit satu superadmin aktif.";
    NotPending, "not_pending", 409, "This account is not waiting for approval.", "Akun ini tidak sedang menunggu persetujuan.";
    BagReturnWaiting, "bag_return_waiting", 409, "A return of this technician is still waiting for the warehouse.", "Masih ada pengembalian teknisi ini yang menunggu gudang.";
    BagReturnDecided, "bag_return_decided", 409, "This return has already been decided.", "Pengembalian ini sudah diputuskan.";
    RegistrationDecided, "registration_decided", 409, "Someone else has already decided on this registration.", "Pendaftaran ini sudah diputuskan orang lain.";
    NotResendable, "not_resendable", 409, "Only a message that failed or was never sent can be sent again.", "Hanya pesan yang gagal atau belum pernah dikirim yang bisa dikirim ulang.";
    ChannelDisabled, "channel_disabled", 409, "This channel is not set up on this server.", "Saluran ini belum diaktifkan di server ini.";
    RecipientNotLinked, "recipient_not_linked", 409, "The recipient has not linked Telegram yet.", "Penerima belum menghubungkan Telegram-nya.";
    SetupAlreadyCompleted, "setup_already_completed", 409, "The first account already exists. Please sign in.", "Akun pertama sudah ada. Silakan masuk.";
    RequestInProgress, "request_in_progress", 409, "The same request is still being processed. Try again shortly.", "Permintaan yang sama masih diproses. Coba lagi sebentar.";
    ImportNotUndoable, "import_not_undoable", 409, "This import has been undone already, has changed nothing, or is too old to be undone.", "Impor ini sudah dibatalkan, tidak mengubah apa pun, atau sudah terlalu lama untuk dibatalkan.";
    ImportInUse, "import_in_use", 409, "Entries of this import have been changed or used since, so it cannot be undone: {}.", "Data dari impor ini sudah diubah atau dipakai, jadi tidak bisa dibatalkan: {}.";
    ImportRunning, "import_running", 409, "Another import is still running. Try again when it is done.", "Impor lain masih berjalan. Coba lagi setelah selesai.";

    VersionMismatch, "version_mismatch", 412, "Someone else has changed this in the meantime. Reload and try again.", "Data ini sudah diubah orang lain. Muat ulang lalu coba lagi.";
    PayloadTooLarge, "payload_too_large", 413, "Too large: at most {}.", "Terlalu besar: paling banyak {}.";
    UnsupportedMediaType, "unsupported_media_type", 415, "This type of file or content is not accepted. Allowed: {}.", "Jenis berkas atau isi ini tidak diterima. Yang diterima: {}.";
    HeicImage, "heic_image", 415, "This is a HEIC photo, which is not accepted. iPhone: choose Settings > Camera > Formats > Most Compatible and take the photo again. In Telegram: send it as a photo, not as a file.", "Ini foto HEIC, yang tidak diterima. iPhone: pilih Pengaturan > Kamera > Format > Paling Kompatibel, lalu ambil fotonya lagi. Di Telegram: kirim sebagai foto, bukan berkas.";
    UnsupportedImageFormat, "unsupported_image_format", 415, "Files in the format {} are not accepted. Save the picture as JPEG, or send it in Telegram as a photo, not as a file.", "Berkas dengan format {} tidak diterima. Simpan gambarnya sebagai JPEG, atau kirim di Telegram sebagai foto, bukan berkas.";

    InvalidFields, "invalid_fields", 422, "Some fields need correcting.", "Ada isian yang perlu diperbaiki.";
    IdempotencyKeyReused, "idempotency_key_reused", 422, "This Idempotency-Key was used for a different request.", "Idempotency-Key ini sudah dipakai untuk permintaan lain.";
    Required, "required", 422, "Must be filled in.", "Wajib diisi.";
    UnknownField, "unknown_field", 422, "This field does not exist.", "Isian ini tidak dikenal.";
    WrongType, "wrong_type", 422, "This value cannot be read: {}.", "Isian ini tidak dapat dibaca: {}.";
    TooLong, "too_long", 422, "At most {} characters.", "Paling banyak {} karakter.";
    TooShort, "too_short", 422, "At least {} characters.", "Paling sedikit {} karakter.";
    TooMany, "too_many", 422, "At most {}.", "Paling banyak {}.";
    InvalidText, "invalid_text", 422, "Contains characters that are not allowed.", "Berisi karakter yang tidak diizinkan.";
    OutOfRange, "out_of_range", 422, "Must be in the range {}.", "Harus di antara {}.";
    NotWhole, "not_whole", 422, "Whole numbers only, for instance whole metres: no fraction.", "Hanya angka utuh, misalnya meter utuh: tanpa pecahan.";
    NoPackSize, "no_pack_size", 422, "This item has no pack size. Enter the quantity itself.", "Barang ini tidak punya isi per kemasan. Isi jumlahnya langsung.";
    NotPositive, "not_positive", 422, "Must be greater than zero.", "Harus lebih dari nol.";
    InvalidPhone, "invalid_phone", 422, "Not a valid phone number. Example: 0812 3456 7890.", "Nomor HP tidak sah. Contoh: 0812 3456 7890.";
    PhoneInScientificNotation, "phone_in_scientific_notation", 422, "A spreadsheet has changed this phone number to scientific notation (6.28E+11). Enter it again as text.", "Nomor HP ini rusak oleh spreadsheet (6.28E+11). Ketik ulang sebagai teks.";
    InvalidEmail, "invalid_email", 422, "Not a valid e-mail address.", "Alamat email tidak sah.";
    InvalidNik, "invalid_nik", 422, "A NIK has exactly 16 digits.", "NIK terdiri dari tepat 16 angka.";
    InvalidUsername, "invalid_username", 422, "2 to 32 characters: a–z, 0–9, dot, dash, underscore.", "2 sampai 32 karakter: a–z, 0–9, titik, minus, garis bawah.";
    InvalidCode, "invalid_code", 422, "Only letters, digits, dot, dash and underscore.", "Hanya huruf, angka, titik, minus, dan garis bawah.";
    WeakPassword, "weak_password", 422, "Must contain an upper-case letter, a lower-case letter and a digit.", "Harus memuat huruf besar, huruf kecil, dan angka.";
    CommonPassword, "common_password", 422, "Too easy to guess: attackers try this password first.", "Terlalu mudah ditebak: kata sandi ini termasuk yang pertama dicoba penyerang.";
    PasswordContainsName, "password_contains_name", 422, "Must not contain the user name, the system's name or the organisation's name.", "Tidak boleh memuat nama pengguna, nama sistem, atau nama organisasi.";
    WrongOtp, "wrong_otp", 422, "The code is wrong or was used already.", "Kode salah atau sudah dipakai.";
    WrongPassword, "wrong_password", 422, "The current password is wrong.", "Kata sandi saat ini salah.";
    WrongSetupCode, "wrong_setup_code", 422, "This is not the code printed by the server.", "Kode ini bukan kode yang dicetak server.";
    WrongLinkCode, "wrong_link_code", 422, "The code is wrong, already used or expired. Create a new one on the profile page.", "Kode salah, sudah dipakai, atau kedaluwarsa. Buat kode baru di halaman Profil.";
    PermissionNotGrantable, "permission_not_grantable", 422, "You cannot grant this permission to an API key.", "Izin ini tidak bisa Anda berikan kepada kunci API.";
    InvalidAddress, "invalid_address", 422, "Not an IP address or network. Example: 203.0.113.0/24.", "Bukan alamat atau jaringan IP. Contoh: 203.0.113.0/24.";
    InThePast, "in_the_past", 422, "Must be in the future.", "Harus di masa depan.";
    InvalidCoordinates, "invalid_coordinates", 422, "Not valid coordinates: latitude -90…90, longitude -180…180.", "Koordinat tidak sah: lintang -90…90, bujur -180…180.";
    EndsBeforeStart, "ends_before_start", 422, "Ends before it starts.", "Selesai sebelum mulai.";
    UnknownReference, "unknown_reference", 422, "There is no such entry.", "Data ini tidak ada di sistem.";
    Taken, "taken", 422, "Already in use.", "Sudah dipakai.";
    DuplicateRow, "duplicate_row", 422, "The same row is also on line {}.", "Baris yang sama sudah ada di baris {}.";
    NotOneOf, "not_one_of", 422, "Must be one of: {}.", "Harus salah satu dari: {}.";
    DigitsLost, "digits_lost", 422, "A spreadsheet keeps only 15 digits of a number, so the last ones are lost. Format the column as text and enter it again.", "Spreadsheet hanya menyimpan 15 angka, jadi angka terakhir hilang. Ubah format kolom menjadi teks lalu ketik ulang.";
    CellIsDate, "cell_is_date", 422, "A spreadsheet has turned this into a date or time. Format the column as text and enter it again.", "Spreadsheet mengubah isian ini menjadi tanggal atau jam. Ubah format kolom menjadi teks lalu ketik ulang.";
    NotARecord, "not_a_record", 422, "This row holds no data (a title, a total or a note), so it was left out.", "Baris ini bukan data (judul, jumlah, atau catatan), jadi dilewati.";
    UnclosedQuote, "unclosed_quote", 422, "A quotation mark is opened in this line and never closed.", "Tanda kutip dibuka di baris ini dan tidak pernah ditutup.";
    DifferentCustomer, "different_customer", 422, "This number belongs to {}, with another name and another phone number.", "Nomor ini milik {}, dengan nama dan nomor HP yang lain.";
    UnreadableFile, "unreadable_file", 422, "The file cannot be read as CSV or XLSX: {}.", "Berkas tidak dapat dibaca sebagai CSV atau XLSX: {}.";
    TooManyCells, "too_many_cells", 422, "There is text beyond the last column of the heading.", "Ada isi di luar kolom terakhir pada judul tabel.";
    MissingColumn, "missing_column", 422, "The column is missing.", "Kolom ini tidak ada.";
    SerialsRequired, "serials_required", 422, "Enter one serial number per unit ({}).", "Isi satu nomor seri untuk tiap unit ({}).";
    SerialsNotAllowed, "serials_not_allowed", 422, "This item has no serial numbers.", "Barang ini tidak memakai nomor seri.";
    ItemInUse, "item_in_use", 422, "The item already has movements, so this can no longer be changed.", "Barang ini sudah memiliki pergerakan stok, jadi isian ini tidak bisa diubah lagi.";
    WrongLocationKind, "wrong_location_kind", 422, "This kind of location cannot be used here.", "Jenis lokasi ini tidak bisa dipakai di sini.";
    UnreadableImage, "unreadable_image", 422, "The image cannot be read.", "Gambar tidak dapat dibaca.";
    ImageIncomplete, "image_incomplete", 422, "The end of this image file is missing, probably because copying or sending it was interrupted. Take or send the photo again.", "Bagian akhir berkas gambar ini hilang, mungkin karena penyalinan atau pengirimannya terputus. Ambil atau kirim fotonya sekali lagi.";
    AnimatedImage, "animated_image", 422, "This is an animation. Send a photo or a screenshot that does not move.", "Ini gambar bergerak. Kirim foto atau tangkapan layar yang tidak bergerak.";
    ImageTooLarge, "image_too_large", 422, "The image has too many pixels: at most {} megapixels.", "Piksel gambar terlalu banyak: paling banyak {} megapiksel.";
    ProgressiveImageTooLarge, "progressive_image_too_large", 422, "This JPEG is stored progressively, so all of it would have to be kept in memory: at most {} megapixels. Send the original photo of the camera, or save it as an ordinary (baseline) JPEG.", "JPEG ini disimpan secara progresif sehingga seluruh isinya harus dimuat ke memori: paling banyak {} megapiksel. Kirim foto asli dari kamera, atau simpan sebagai JPEG biasa (baseline).";
    EmptyFile, "empty_file", 422, "The file is empty (0 bytes). Choose it again.", "Berkas ini kosong (0 bita). Pilih sekali lagi.";

    RateLimited, "rate_limited", 429, "Too many requests. Try again in {} s.", "Terlalu banyak permintaan. Coba lagi dalam {} detik.";
    TooManyAttempts, "too_many_attempts", 429, "Too many failed attempts. Try again in {} s.", "Terlalu banyak percobaan gagal. Coba lagi dalam {} detik.";

    Internal, "internal", 500, "Something went wrong on our side. Please try again; if it happens again, tell an administrator the request id.", "Terjadi kesalahan di sistem. Coba lagi; jika masih terjadi, beri tahu administrator nomor permintaannya.";
    StorageUnavailable, "storage_unavailable", 503, "The server's storage is not available at the moment; nothing was saved. Tell an administrator.", "Penyimpanan server sedang tidak bisa dipakai; tidak ada yang tersimpan. Beri tahu administrator.";
    StorageFull, "storage_full", 507, "The server's storage is full; nothing was saved. Reading still works. Tell an administrator.", "Penyimpanan server penuh; tidak ada yang tersimpan. Data tetap bisa dibaca. Beri tahu administrator.";
    Unavailable, "unavailable", 503, "The system is busy or restarting. Please try again shortly.", "Sistem sedang sibuk atau dimulai ulang. Coba lagi sebentar.";
}

impl ErrorCode {
    /// The message for a user; `param` fills the placeholder of messages that have one.
    pub fn message(self, lang: Lang, param: Option<&str>) -> String {
        self.template(lang).replace("{}", param.unwrap_or("…"))
    }

    /// The title of the problem document: the standard name of the status.
    pub const fn title(self) -> &'static str {
        match self.status() {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            409 => "Conflict",
            412 => "Precondition Failed",
            413 => "Content Too Large",
            415 => "Unsupported Media Type",
            422 => "Unprocessable Content",
            429 => "Too Many Requests",
            503 => "Service Unavailable",
            507 => "Insufficient Storage",
            _ => "Internal Server Error",
        }
    }
}

/// A problem document (RFC 9457), sent as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Relative URI of the problem type: `/api/docs#invalid_fields`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub code: ErrorCode,
    /// What happened and what the user can do, in the language of the request.
    pub detail: String,
    /// Faults of single fields: with 422, and with 409 if one of several lines caused it.
    pub errors: Vec<FieldError>,
    /// Also in the server log.
    pub request_id: String,
}

/// A fault of one field of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Path of the field: `phone`, `lines[0].quantity`.
    pub field: String,
    pub code: ErrorCode,
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_messages_in_both_languages_and_an_error_status() {
        for &code in ErrorCode::ALL {
            assert!(code.status() >= 400, "{code}");
            assert_ne!(code.message(Lang::Id, None), code.message(Lang::En, None), "{code}");
            assert_eq!(code.as_str().parse(), Ok(code));
        }
    }
}
