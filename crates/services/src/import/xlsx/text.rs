//! Text of a cell or a shared string, assembled from its runs.

use std::io::BufRead;

use quick_xml::events::Event;

use super::xml::{Xml, attribute, resolve_entity};
use crate::error::Result;
use crate::spreadsheet::{too_large, unreadable};

/// Maximum bytes of one cell; Excel allows 32,767 characters.
const MAX_CELL_BYTES: usize = 128 * 1024;

/// Reads all text runs of the element that was just opened (`si`, `is`) up to its end, without
/// phonetic guides (`rPh`).
pub fn read_runs<R: BufRead>(xml: &mut Xml<R>, closing: &str, into: &mut String) -> Result<()> {
    into.clear();
    let mut aid = false;
    loop {
        let preserved = match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "rPh" => {
                aid = true;
                None
            }
            Event::End(tag) if tag.local_name().as_ref() == "rPh" => {
                aid = false;
                None
            }
            Event::Start(tag) if tag.local_name().as_ref() == "t" && !aid => {
                Some(attribute(&tag, "xml:space")?.as_deref() == Some("preserve"))
            }
            Event::End(tag) if tag.local_name().as_ref() == closing => {
                if into.contains("_x") {
                    *into = without_escapes(into);
                }
                return Ok(());
            }
            Event::Eof => return Err(unreadable(format!("XML: <{closing}>"))),
            _ => None,
        };
        if let Some(preserved) = preserved {
            let start = into.len();
            read_content(xml, "t", into)?;
            if !preserved {
                let run = into[start..].trim_matches([' ', '\t', '\r', '\n']).to_owned();
                into.truncate(start);
                into.push_str(&run);
            }
        }
    }
}

/// Appends the text of the element that was just opened, up to its end.
pub fn read_content<R: BufRead>(xml: &mut Xml<R>, closing: &str, into: &mut String) -> Result<()> {
    loop {
        match xml.next()? {
            Event::Text(text) => into.push_str(&text.xml10_content()),
            Event::CData(text) => into.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => into.push_str(&resolve_entity(&reference)?),
            Event::End(tag) if tag.local_name().as_ref() == closing => return Ok(()),
            Event::Eof => return Err(unreadable(format!("XML: <{closing}>"))),
            _ => {}
        }
        if into.len() > MAX_CELL_BYTES {
            return Err(too_large(format!("{} KB [A1]", MAX_CELL_BYTES / 1024)));
        }
    }
}

/// Decodes `_x000D_`, Excel's escape for characters that XML can not contain.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("_x") {
        let (before, from) = rest.split_at(start);
        plain.push_str(before);
        let digits = from.get(2..6).filter(|_| from.as_bytes().get(6) == Some(&b'_'));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(letter) => {
                plain.push(letter);
                rest = &from[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &from[2..];
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::without_escapes;

    #[test]
    fn escaped_characters_are_restored() {
        for (written, meant) in [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x0041_", "_x0041_"),
            ("a_xyz", "a_xyz"),
            ("_x", "_x"),
        ] {
            assert_eq!(without_escapes(written), meant);
        }
    }
}
