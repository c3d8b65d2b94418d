//! Every list with its usual filters and orders.

use crate::Result;
use crate::bench::Bench;
use crate::data::{DataSet, samples};
use crate::parts::{PathKind, measure_paths};
use crate::plan::{Database, Part, READERS};
use crate::report::Results;
use crate::requests::PAGE;

/// Different values of a placeholder.
const DISTINCT_VALUES: usize = 40;

/// A list: its name in the table, and its path. Placeholders stand for ids of the data set.
type List = (&'static str, &'static str);

const JOBS: [List; 13] = [
    ("jobs, newest", "/api/jobs?"),
    ("jobs, assigned", "/api/jobs?status=assigned"),
    ("jobs, closed", "/api/jobs?status=closed"),
    ("jobs of a technician", "/api/jobs?technician_id={technician}"),
    (
        "unfinished jobs of a technician",
        "/api/jobs?technician_id={technician}&status=assigned,accepted,in_progress",
    ),
    ("jobs of a type", "/api/jobs?type=repair"),
    ("jobs by due time", "/api/jobs?sort=due_at&status=open,assigned"),
    ("jobs, overdue", "/api/jobs?overdue=true&sort=due_at"),
    ("jobs, urgent", "/api/jobs?priority=urgent"),
    ("jobs by number", "/api/jobs?sort=-number"),
    ("jobs by appointment", "/api/jobs?sort=scheduled_start"),
    ("jobs with an appointment today", "/api/jobs?appointment=today"),
    ("jobs of a customer", "/api/customers/{customer}/jobs?"),
];

const PEOPLE: [List; 9] = [
    ("customers, newest", "/api/customers?"),
    ("customers by name", "/api/customers?sort=name"),
    ("customers, suspended", "/api/customers?status=suspended"),
    ("customers of a plan", "/api/customers?plan_id=2"),
    ("customers of an area", "/api/customers?area=Ngaglik,+Sleman"),
    ("technicians by name", "/api/technicians?sort=name"),
    ("technicians on duty", "/api/technicians?on_duty=true"),
    ("users by name", "/api/users?sort=name"),
    ("users of a role", "/api/users?role=user"),
];

const STOCK: [List; 11] = [
    ("items by name", "/api/inventory?sort=name"),
    ("items of a category", "/api/inventory?category=kabel"),
    ("items, low", "/api/inventory?low=true"),
    ("movements, newest", "/api/inventory/movements?"),
    ("movements of an item", "/api/inventory/movements?item_id={item}"),
    ("movements of a bag", "/api/inventory/movements?location_id={bag}"),
    ("movements of a kind", "/api/inventory/movements?kind=usage"),
    ("movements of a job", "/api/inventory/movements?job_id={job}"),
    ("bag returns, newest", "/api/inventory/bag-returns?"),
    ("bag returns, requested", "/api/inventory/bag-returns?status=requested"),
    ("imports", "/api/customers/imports?"),
];

const RECORDS: [List; 9] = [
    ("audit, newest", "/api/audit?"),
    ("audit of an action", "/api/audit?action=job.complete"),
    ("audit of a job", "/api/audit?entity=job&entity_id={job}"),
    ("audit of a person", "/api/audit?actor=2"),
    ("notifications, newest", "/api/notifications?"),
    ("notifications, not delivered", "/api/notifications?status=disabled"),
    ("notifications of a kind", "/api/notifications?kind=job_assigned"),
    ("timeline of a job", "/api/jobs/{job}/timeline?"),
    ("photos of a job", "/api/jobs/{job}/photos?"),
];

/// The first page as the browser application asks for it, which shows how many rows there are in all.
const WITH_TOTAL: [List; 5] = [
    ("jobs with their number", "/api/jobs?with_total=true"),
    ("closed jobs with their number", "/api/jobs?status=closed&with_total=true"),
    ("found jobs with their number", "/api/jobs?q=santoso&with_total=true"),
    ("movements with their number", "/api/inventory/movements?with_total=true"),
    ("audit with its number", "/api/audit?with_total=true"),
];

/// Measures every list for all sizes.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let servers = bench.serve_all_sizes(database)?;
    let lists = JOBS.iter().chain(&PEOPLE).chain(&STOCK).chain(&RECORDS).chain(&WITH_TOTAL);
    let kinds =
        lists.map(|(what, path)| PathKind::new(what, &servers, |data| Ok(paths(data, path))));
    let kinds = kinds.collect::<Result<Vec<_>>>()?;
    measure_paths(bench, Part::Lists, &servers, READERS, kinds, results)
}

/// The path with values in place of its placeholder.
fn paths(data: &DataSet, path: &str) -> Vec<String> {
    // The timeline and the photos of a job have no pages.
    let all_at_once = path.contains("timeline") || path.contains("photos");
    let path = match path {
        path if all_at_once => path.trim_end_matches('?').to_owned(),
        path if path.ends_with('?') => format!("{path}limit={PAGE}"),
        path => format!("{path}&limit={PAGE}"),
    };
    let technicians = data.technicians();
    let values: [(&str, u32, i64); 5] = [
        ("{job}", data.jobs, 0),
        ("{customer}", data.customers(), 0),
        ("{technician}", technicians, 0),
        ("{bag}", technicians, 100),
        ("{item}", 40, 0),
    ];
    let Some((name, end, offset)) = values.iter().find(|(name, ..)| path.contains(name)) else {
        return vec![path];
    };
    let ids = samples::spread(*end, DISTINCT_VALUES);
    ids.into_iter().map(|id| path.replace(name, &(id + offset).to_string())).collect()
}
