//! Structure of a workbook: the parts that matter.

use quick_xml::events::Event;

use super::package::Package;
use super::xml::attribute;
use crate::error::Result;

/// Maximum sheets that are considered.
const MAX_SHEETS: usize = 1_000;

/// Names of the parts that are read.
#[derive(Debug, Default)]
pub struct Workbook {
    /// The visible ones, in display order.
    pub sheets: Vec<SheetPart>,
    pub shared_strings: Option<String>,
    pub styles: Option<String>,
    /// Dates count from 1904, not from 1900.
    pub from_1904: bool,
}

/// A sheet of the workbook.
#[derive(Debug)]
pub struct SheetPart {
    /// Name as shown on its tab.
    pub name: String,
    /// Name of the part in the archive.
    pub part: String,
}

/// A relationship from one part to another.
struct Relationship {
    id: String,
    /// Last segment of its type URI: `worksheet`, `styles`.
    kind: String,
    target: String,
}

/// Reads the list of sheets; `None` if the archive contains no workbook.
pub fn read(package: &mut Package<'_>) -> Result<Option<Workbook>> {
    let roots = relationships(package, "_rels/.rels", "")?;
    let main = roots.into_iter().find(|root| root.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.xml".to_owned(), |root| root.target);
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
    let beside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let relations = relationships(package, &format!("{beside}_rels/{name}.rels"), &beside)?;
    let of_kind = |kind: &str| {
        relations.iter().find(|relation| relation.kind == kind).map(|it| it.target.clone())
    };
    let Some(mut xml) = package.part(&main)? else { return Ok(None) };
    let mut workbook = Workbook {
        shared_strings: of_kind("sharedStrings"),
        styles: of_kind("styles"),
        ..Workbook::default()
    };
    let mut is_workbook = false;
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "workbook" => is_workbook = true,
                "workbookPr" => {
                    let from_1904 = attribute(&tag, "date1904")?;
                    workbook.from_1904 = matches!(from_1904.as_deref(), Some("1" | "true"));
                }
                "sheet" if workbook.sheets.len() < MAX_SHEETS => {
                    // Lists that other sheets refer to are often hidden.
                    let state = attribute(&tag, "state")?;
                    if matches!(state.as_deref(), Some("hidden" | "veryHidden")) {
                        continue;
                    }
                    let id = attribute(&tag, "r:id")?.unwrap_or_default();
                    let part = relations.iter().find(|it| it.id == id && it.kind == "worksheet");
                    let name = attribute(&tag, "name")?.unwrap_or_default();
                    let sheet = part.map(|it| SheetPart { name, part: it.target.clone() });
                    workbook.sheets.extend(sheet);
                }
                _ => {}
            },
            Event::Eof => return Ok(is_workbook.then_some(workbook)),
            _ => {}
        }
    }
}

/// Reads the relationships of a part; targets are relative to `folder`.
fn relationships(package: &mut Package<'_>, part: &str, folder: &str) -> Result<Vec<Relationship>> {
    /// More than any workbook with [`MAX_SHEETS`] has.
    const MAX: usize = 4 * MAX_SHEETS;
    let mut relations = Vec::new();
    let Some(mut xml) = package.part(part)? else { return Ok(relations) };
    loop {
        match xml.next()? {
            Event::Start(tag)
                if tag.local_name().as_ref() == "Relationship" && relations.len() < MAX =>
            {
                let text = |name| attribute(&tag, name).map(Option::unwrap_or_default);
                let (id, kind, target) = (text("Id")?, text("Type")?, text("Target")?);
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let target = resolve_target(folder, &target);
                relations.push(Relationship { id, kind, target });
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// Resolves a target to the name of a part in the archive.
fn resolve_target(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
