//! State of an import: the file, how it is understood, and what was found in it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::import::{
    ColumnSource, ColumnTarget, ImportColumns, ImportKind, ImportMapping, ImportReport,
    UnknownValues, ValueChoice,
};
use web_sys::File;

use crate::api::imports::{self, ImportFile};
use crate::api::{ApiError, ApiResult};
use crate::core::toast;
use crate::tr;

/// What is being done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    ReadColumns,
    DryRun,
    Import,
}

/// Stage of an import.
#[derive(Clone, PartialEq)]
pub enum ImportStage {
    Choosing,
    /// The share of the file that has been sent, 0 to 1.
    Busy(Work, f64),
    /// The columns are shown; nothing has been checked with this mapping.
    Columns,
    Failed(Work, ApiError),
    Reported(Box<ImportReport>),
}

/// An import in the browser.
#[derive(Clone, Copy)]
pub struct Wizard {
    pub kind: ImportKind,
    pub stage: RwSignal<ImportStage>,
    /// Name of the file.
    pub name: RwSignal<String>,
    pub columns: RwSignal<Option<ImportColumns>>,
    /// What a person has chosen, or has been proposed beyond what the headings say. Only that is remembered.
    pub mapping: RwSignal<ImportMapping>,
    /// Words that mean nothing by themselves, also those that have an answer by now.
    pub questions: RwSignal<Vec<UnknownValues>>,
    /// Rows may replace both name and phone number of a customer.
    pub replace: RwSignal<bool>,
    // A browser file cannot leave its thread.
    file: StoredValue<Option<File>, LocalStorage>,
    /// What the last dry run has checked.
    checked: StoredValue<Option<ImportFile>, LocalStorage>,
}

impl Wizard {
    pub fn new(kind: ImportKind) -> Self {
        Self {
            kind,
            stage: RwSignal::new(ImportStage::Choosing),
            name: RwSignal::new(String::new()),
            columns: RwSignal::new(None),
            mapping: RwSignal::new(ImportMapping::default()),
            questions: RwSignal::new(Vec::new()),
            replace: RwSignal::new(false),
            file: StoredValue::new_local(None),
            checked: StoredValue::new_local(None),
        }
    }

    /// Whether something is being done with the file. Tracks.
    pub fn is_busy(self) -> bool {
        self.stage.with(|stage| matches!(stage, ImportStage::Busy(..)))
    }

    /// Whether the rows are being imported, or were. Tracks.
    pub fn is_decided(self) -> bool {
        self.stage.with(|stage| match stage {
            ImportStage::Busy(work, _) => *work == Work::Import,
            ImportStage::Reported(report) => !report.dry_run,
            _ => false,
        })
    }

    /// Tries again what has failed. An import is checked again first: some rows may have been saved.
    pub fn retry(self, failed: Work) {
        self.start(match failed {
            Work::Import => Work::DryRun,
            Work::ReadColumns | Work::DryRun => failed,
        });
    }

    fn is_busy_untracked(self) -> bool {
        self.stage.with_untracked(|stage| matches!(stage, ImportStage::Busy(..)))
    }

    /// Reads the columns of a file, and checks its rows at once if no column is missing.
    pub fn choose(self, file: File) {
        if self.is_busy_untracked() {
            return;
        }
        self.name.set(file.name());
        self.file.set_value(Some(file));
        self.replace.set(false);
        self.read_columns(ImportMapping::default());
    }

    /// Reads the columns again, for another sheet or with another idea of the headings.
    pub fn read_columns(self, mapping: ImportMapping) {
        if self.is_busy_untracked() {
            return;
        }
        self.mapping.set(mapping);
        self.questions.set(Vec::new());
        self.columns.set(None);
        self.start(Work::ReadColumns);
    }

    /// Starts something with the file, unless something is being done with it already. What is imported is what the
    /// dry run has checked.
    pub fn start(self, work: Work) {
        let order = match work {
            Work::Import => self.checked.try_get_value().flatten(),
            Work::ReadColumns | Work::DryRun => self.order(),
        };
        // The page may be gone by now.
        let (Some(order), Some(stage)) = (order, self.stage.try_get_untracked()) else { return };
        if matches!(stage, ImportStage::Busy(..)) {
            return;
        }
        self.stage.set(ImportStage::Busy(work, 0.0));
        let progress = move |sent: f64| {
            self.stage.try_set(ImportStage::Busy(work, sent));
        };
        spawn_local(async move {
            match work {
                Work::ReadColumns => self.show_columns(imports::columns(&order, progress).await),
                Work::DryRun => {
                    let answer = imports::run(&order, true, progress).await;
                    self.checked.try_set_value(Some(order));
                    self.show_report(work, answer);
                }
                Work::Import => {
                    self.show_report(work, imports::run(&order, false, progress).await);
                }
            }
        });
    }

    /// The file with what was chosen for it; `None` if the page is gone.
    pub fn order(self) -> Option<ImportFile> {
        Some(ImportFile {
            kind: self.kind,
            file: self.file.try_get_value()??,
            mapping: self.mapping.try_get_untracked()?,
            replace_customers: self.replace.try_get_untracked()?,
        })
    }

    fn show_columns(self, answer: ApiResult<ImportColumns>) {
        let columns = match answer {
            Ok(columns) => columns,
            Err(error) => {
                self.stage.try_set(ImportStage::Failed(Work::ReadColumns, error));
                return;
            }
        };
        let Some(before) = self.mapping.try_get_untracked() else { return };
        let proposed = columns.columns.iter().filter(|column| {
            matches!(
                column.source,
                ColumnSource::Mapping | ColumnSource::Remembered | ColumnSource::Values
            )
        });
        let mapping = ImportMapping {
            has_heading: Some(columns.has_heading),
            columns: proposed
                .map(|column| (column.heading.clone(), column.target.clone()))
                .collect(),
            ..before
        };
        self.mapping.set(mapping);
        self.add_questions(&columns.unknown_values);
        let is_complete = columns.missing.is_empty();
        self.columns.set(Some(columns));
        self.stage.set(ImportStage::Columns);
        if is_complete {
            self.start(Work::DryRun);
        }
    }

    fn show_report(self, work: Work, answer: ApiResult<ImportReport>) {
        if self.stage.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(report) => {
                if !report.dry_run {
                    toast::success(tr!(imports.done));
                }
                self.add_questions(&report.unknown_values);
                self.stage.set(ImportStage::Reported(Box::new(report)));
            }
            Err(error) => self.stage.set(ImportStage::Failed(work, error)),
        }
    }

    /// Adds unknown words, with what was chosen for them earlier.
    fn add_questions(self, unknown: &[UnknownValues]) {
        for found in unknown {
            self.questions.update(|questions| add_question(questions, found));
            let left_out = || found.left_out.then_some(ValueChoice::LeaveOut);
            for value in &found.values {
                if let Some(choice) = value.remembered.clone().or_else(left_out) {
                    self.set_answer(&found.column, &value.value, Some(choice));
                }
            }
        }
    }

    /// Whether every unknown word has an answer. Tracks.
    pub fn is_answered(self) -> bool {
        let has_answer = |column: &str, word: &str| {
            self.mapping.with(|mapping| {
                mapping.values.get(column).is_some_and(|words| words.contains_key(word))
            })
        };
        self.questions.with(|questions| {
            questions.iter().all(|question| {
                question.values.iter().all(|value| has_answer(&question.column, &value.value))
            })
        })
    }

    /// Says what a word means; `None` leaves it unanswered.
    pub fn answer(self, column: &str, word: &str, choice: Option<ValueChoice>) {
        if !self.is_busy_untracked() {
            self.set_answer(column, word, choice);
            self.is_changed();
        }
    }

    fn set_answer(self, column: &str, word: &str, choice: Option<ValueChoice>) {
        self.mapping.update(|mapping| {
            let words = mapping.values.entry(column.to_owned()).or_default();
            match choice {
                Some(choice) => words.insert(word.to_owned(), choice),
                None => words.remove(word),
            };
            mapping.values.retain(|_, words| !words.is_empty());
        });
    }

    /// What a column holds. Tracks.
    pub fn target(self, heading: &str) -> ColumnTarget {
        let chosen = self.mapping.with(|mapping| mapping.columns.get(heading).cloned());
        chosen.unwrap_or_else(|| {
            self.columns.with(|columns| {
                let columns = columns.as_ref().map(|columns| columns.columns.as_slice());
                let column = columns.unwrap_or_default().iter().find(|one| one.heading == heading);
                column.map_or(ColumnTarget::LeaveOut, |column| column.target.clone())
            })
        })
    }

    /// Says what a column holds. Another column with the same field is left out then.
    pub fn set_target(self, heading: &str, target: ColumnTarget) {
        if self.is_busy_untracked() {
            return;
        }
        let others: Vec<String> = self.columns.with_untracked(|columns| {
            let columns = columns.as_ref().map(|columns| columns.columns.as_slice());
            let others = columns.unwrap_or_default().iter().map(|column| column.heading.clone());
            others.filter(|other| other != heading).collect()
        });
        let is_field = matches!(target, ColumnTarget::Field(_));
        let same: Vec<String> = others
            .into_iter()
            .filter(|other| is_field && untrack(|| self.target(other)) == target)
            .collect();
        self.mapping.update(|mapping| {
            for other in same {
                mapping.columns.insert(other, ColumnTarget::LeaveOut);
            }
            mapping.columns.insert(heading.to_owned(), target);
            mapping.values.remove(heading);
        });
        self.questions.update(|questions| questions.retain(|question| question.column != heading));
        self.is_changed();
    }

    /// A report for another mapping says nothing any more.
    fn is_changed(self) {
        let is_outdated = self.stage.with_untracked(|stage| {
            matches!(stage, ImportStage::Reported(_) | ImportStage::Failed(..))
        });
        if is_outdated {
            self.stage.set(ImportStage::Columns);
        }
    }
}

fn add_question(questions: &mut Vec<UnknownValues>, found: &UnknownValues) {
    let Some(known) = questions.iter_mut().find(|question| question.column == found.column) else {
        questions.push(found.clone());
        return;
    };
    known.options.clone_from(&found.options);
    let is_new = |word: &str| known.values.iter().all(|value| value.value != word);
    let new: Vec<_> = found.values.iter().filter(|value| is_new(&value.value)).cloned().collect();
    known.values.extend(new);
}
