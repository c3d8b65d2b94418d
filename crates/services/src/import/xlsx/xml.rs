//! XML tokens of a part. Entities that a document defines itself are not resolved, because
//! workbooks have none.

use std::io::BufRead;
use std::rc::Rc;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::budget::Budget;
use crate::error::{Error, Result};
use crate::spreadsheet::unreadable;

/// Maximum nesting depth. A sheet needs seven.
const MAX_DEPTH: usize = 64;

/// A part that is being read.
pub struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    depth: usize,
    budget: Rc<Budget>,
}

impl<R: BufRead> Xml<R> {
    pub fn new(source: R, budget: Rc<Budget>) -> Self {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, budget }
    }

    /// The next token; an empty element yields a start and an end.
    pub fn next(&mut self) -> Result<Event<'_>> {
        let Self { reader, buffer, depth, budget } = self;
        buffer.clear();
        budget.begin_token()?;
        let event = reader
            .read_event_into(buffer)
            .map_err(|error| budget.refusal().unwrap_or_else(|| unreadable(error)))?;
        match &event {
            Event::Start(_) => *depth += 1,
            Event::End(_) => *depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err(unreadable("XML: DOCTYPE")),
            _ => {}
        }
        if *depth > MAX_DEPTH { Err(unreadable("XML: <<<")) } else { Ok(event) }
    }
}

/// Error for malformed XML.
pub fn invalid_xml(error: impl Into<quick_xml::Error>) -> Error {
    unreadable(error.into())
}

/// Reads an attribute of a tag.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(invalid_xml)?;
        if attribute.key.as_ref() == name {
            return Ok(Some(
                attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(invalid_xml)?
                    .into_owned(),
            ));
        }
    }
    Ok(None)
}

/// Resolves a reference (`&amp;`, `&#65;`).
pub fn resolve_entity(reference: &BytesRef<'_>) -> Result<String> {
    if let Some(letter) = reference.resolve_char_ref().map_err(invalid_xml)? {
        return Ok(letter.to_string());
    }
    let text = resolve_xml_entity(reference).map(str::to_owned);
    text.ok_or_else(|| unreadable(format!("XML: &{};", &**reference)))
}
