//! The columns of a file and how they are understood, before it is imported.

use std::collections::BTreeMap;

use db::tables::import_mappings;
use db::{Conn, Db};
use shared::import::{
    ColumnSource, ColumnTarget, ImportColumn, ImportColumns, ImportField, ImportMapping,
    ValueChoice,
};

use super::cell_parser::{
    is_nothing, mask_identity_number, mask_identity_numbers, truncate, word_key,
};
use super::columns::{Columns, column_names, count_known_headings};
use super::prepared_file::{PreparedFile, complete};
use super::reader;
use super::request::ImportRequest;
use super::target::ImportTarget;
use super::value_guess::{guess_fields, looks_like_data};
use crate::error::Result;
use crate::spreadsheet::Sheet;

/// Sample values of a column.
const MAX_SAMPLES: usize = 3;
/// Rows in which samples are looked for.
const SAMPLE_ROWS: usize = 200;

/// Reads the columns of a file.
///
/// # Errors
/// As [`reader::read`] and [`Columns::map`].
pub(super) async fn read<T: ImportTarget>(
    db: &Db,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
    target: T,
) -> Result<ImportColumns> {
    let _turn = reader::turn().await?;
    let mut mapping = order.mapping.clone();
    let mut sheet = reader::read(file.as_ref(), T::COLUMNS, &mapping)?;
    if mapping.has_heading.is_none() && begins_with_data::<T>(&sheet) {
        mapping.has_heading = Some(false);
        sheet = reader::read(file.as_ref(), T::COLUMNS, &mapping)?;
    }
    drop(file);
    let remembered = db
        .read(move |conn: &mut Conn| Ok::<_, crate::Error>(import_mappings::load(conn, T::KIND)?));
    let remembered = remembered.await?;
    let names = column_names(&sheet);
    let has_heading = mapping.has_heading != Some(false);
    if has_heading {
        add_remembered(&mut mapping, &names, &remembered);
    }
    let columns = Columns::map(&sheet, T::COLUMNS, &mapping)?;
    let free: Vec<String> =
        names.iter().filter(|name| !mapping.columns.contains_key(*name)).cloned().collect();
    let guesses = guess_fields(T::KIND, &columns, &sheet, &names, &free);
    for (name, field) in &guesses {
        mapping.columns.insert(name.clone(), ColumnTarget::Field((*field).to_owned()));
    }
    let columns = Columns::map(&sheet, T::COLUMNS, &mapping)?;
    let completed = ImportRequest { mapping, ..order.clone() };
    let file = complete(db, &completed, target, sheet, columns).await?;
    let source = |name: &str, target: &ColumnTarget| {
        if order.mapping.columns.contains_key(name) {
            ColumnSource::Mapping
        } else if guesses.iter().any(|(guessed, _)| guessed == name) {
            ColumnSource::Values
        } else if completed.mapping.columns.contains_key(name) {
            ColumnSource::Remembered
        } else if *target == ColumnTarget::LeaveOut {
            ColumnSource::Unknown
        } else {
            ColumnSource::Heading
        }
    };
    Ok(describe(file, &names, has_heading, &completed, &remembered, source))
}

fn describe<T: ImportTarget>(
    file: PreparedFile<T>,
    names: &[String],
    has_heading: bool,
    order: &ImportRequest,
    remembered: &ImportMapping,
    source: impl Fn(&str, &ColumnTarget) -> ColumnSource,
) -> ImportColumns {
    let PreparedFile { sheet, columns, mut unknown_values, target, .. } = file;
    let fields: BTreeMap<&str, &str> =
        columns.fields().map(|(field, heading)| (heading, field)).collect();
    let column = |(index, name): (usize, &String)| {
        let field = fields.get(name.as_str());
        let target = match (field, order.mapping.columns.get(name)) {
            (Some(field), _) => ColumnTarget::Field((*field).to_owned()),
            (None, Some(ColumnTarget::Note)) => ColumnTarget::Note,
            (None, _) => ColumnTarget::LeaveOut,
        };
        let source = source(name, &target);
        let samples = samples(&sheet, index, field == Some(&"nik"));
        ImportColumn { heading: name.clone(), target, source, samples }
    };
    for unknown in &mut unknown_values {
        let choices = remembered.values.get(&unknown.column);
        for value in &mut unknown.values {
            let same = |word: &&String| word_key(word) == word_key(&value.value);
            let choice = choices
                .and_then(|choices| Some(choices.iter().find(|(word, _)| same(word))?.1.clone()));
            // A plan may be gone since.
            value.remembered = choice.filter(|choice| match choice {
                ValueChoice::As(word) => target.knows(&unknown.field, word),
                ValueChoice::Note | ValueChoice::LeaveOut => true,
            });
        }
    }
    let field = |spec: &super::columns::ColumnSpec| ImportField {
        field: spec.field.to_owned(),
        label: spec.label().in_lang(order.lang).to_owned(),
        required: spec.required,
    };
    ImportColumns {
        rows: (sheet.preamble().len() + sheet.len()) as i64,
        sheet: sheet.name().map(str::to_owned),
        other_sheets: sheet.other_sheets().to_vec(),
        has_heading,
        columns: names.iter().enumerate().map(column).collect(),
        fields: T::COLUMNS.iter().map(field).collect(),
        missing: columns.missing().map(|spec| spec.field.to_owned()).collect(),
        unknown_values,
    }
}

/// Whether the first row holds values instead of headings.
fn begins_with_data<T: ImportTarget>(sheet: &Sheet) -> bool {
    let mut headings = sheet.heading().iter().map(String::as_str);
    let known = count_known_headings(&mut headings, T::COLUMNS, &ImportMapping::default());
    known == 0 && sheet.preamble().is_empty() && looks_like_data(sheet.heading())
}

/// Adds the choices of earlier imports for columns that the request does not mention.
fn add_remembered(mapping: &mut ImportMapping, names: &[String], remembered: &ImportMapping) {
    let is_taken = |mapping: &ImportMapping, target: &ColumnTarget| {
        matches!(target, ColumnTarget::Field(_))
            && mapping.columns.values().any(|chosen| chosen == target)
    };
    for name in names {
        let Some(target) = remembered.columns.get(name) else { continue };
        if !mapping.columns.contains_key(name) && !is_taken(mapping, target) {
            mapping.columns.insert(name.clone(), target.clone());
        }
    }
}

fn samples(sheet: &Sheet, column: usize, is_nik: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for row in sheet.rows(0, SAMPLE_ROWS) {
        let Some(text) = row.cell(column).map(str::trim).filter(|text| !is_nothing(text)) else {
            continue;
        };
        let text = match is_nik {
            true => mask_identity_number(text),
            false => mask_identity_numbers(&truncate(text)),
        };
        if !found.contains(&text) {
            found.push(text);
        }
        if found.len() == MAX_SAMPLES {
            break;
        }
    }
    found
}
