//! Accepted image formats.

use std::str::FromStr;

use pictures::Format;

/// Some of JPEG, PNG and WebP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileTypes {
    jpeg: bool,
    png: bool,
    webp: bool,
}

impl FileTypes {
    /// All supported formats.
    pub const ALL: Self = Self { jpeg: true, png: true, webp: true };

    const NONE: Self = Self { jpeg: false, png: false, webp: false };

    /// Whether pictures of this format are accepted.
    pub(super) const fn accepts(self, format: Format) -> bool {
        match format {
            Format::Jpeg => self.jpeg,
            Format::Png => self.png,
            Format::WebP => self.webp,
        }
    }
}

/// Formats as `JPEG, PNG`.
impl std::fmt::Display for FileTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = [(self.jpeg, "JPEG"), (self.png, "PNG"), (self.webp, "WebP")];
        let names = all.iter().filter(|(allowed, _)| *allowed).map(|(_, name)| *name);
        f.write_str(&names.collect::<Vec<_>>().join(", "))
    }
}

/// Parses a list like `jpeg,png`; `image/jpeg` and `jpg` work too.
impl FromStr for FileTypes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut types = Self::NONE;
        for name in text.split(',').map(|name| name.trim().to_ascii_lowercase()) {
            match name.strip_prefix("image/").unwrap_or(&name).trim_start_matches('.') {
                "jpeg" | "jpg" => types.jpeg = true,
                "png" => types.png = true,
                "webp" => types.webp = true,
                "" => {}
                _ => return Err(format!("`{name}` is none of jpeg, png, webp")),
            }
        }
        if types == Self::NONE {
            return Err("names none of jpeg, png, webp".to_owned());
        }
        Ok(types)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_some_of_the_three_kinds() {
        assert_eq!("jpeg, png,webp".parse(), Ok(FileTypes::ALL));
        let some: FileTypes = "image/JPEG,.png".parse().unwrap();
        assert_eq!(some.to_string(), "JPEG, PNG");
        for wrong in ["gif", "jpeg,pdf", "", ",", "*"] {
            assert!(wrong.parse::<FileTypes>().is_err(), "{wrong}");
        }
    }
}
