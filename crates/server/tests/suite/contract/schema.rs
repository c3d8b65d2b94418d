//! Agreement of both migrated databases with the Diesel schema.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use db::{Conn, DbError};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Bool, Text};
use diesel::{RunQueryDsl, sql_query};
use shared::job::JobType;
use shared::settings::Settings;

use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    the_migrated_tables_match_the_schema,
    settings_stored_before_the_object_of_job_types_are_kept,
);

/// Column with the Diesel name of its type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    name: String,
    kind: String,
    nullable: bool,
}

#[derive(Debug, PartialEq, Eq, Default)]
struct Table {
    columns: BTreeSet<Column>,
    primary_key: BTreeSet<String>,
}

type Tables = BTreeMap<String, Table>;

/// Returns whether a table belongs to Diesel or to SQLite's text index.
fn is_foreign(table: &str) -> bool {
    table.starts_with("__diesel")
        || table.starts_with("sqlite_")
        || table.contains("_fts")
        || table.ends_with("_words")
}

fn of_the_code() -> Tables {
    let text = include_str!("../../../../db/src/schema.rs");
    let mut tables = Tables::new();
    for block in text.split("diesel::table! {").skip(1) {
        let (head, rest) = block.split_once('{').unwrap();
        let (name, key) = head.trim().trim_end_matches(')').split_once('(').unwrap();
        let mut table = Table {
            primary_key: key.split(',').map(|name| name.trim().to_owned()).collect(),
            ..Table::default()
        };
        for line in rest.split('}').next().unwrap().lines().filter(|line| line.contains("->")) {
            let (column, kind) = line.trim().trim_end_matches(',').split_once(" -> ").unwrap();
            let inner = kind.strip_prefix("Nullable<").map(|rest| rest.trim_end_matches('>'));
            table.columns.insert(Column {
                name: column.to_owned(),
                kind: inner.unwrap_or(kind).to_owned(),
                nullable: inner.is_some(),
            });
        }
        tables.insert(name.trim().to_owned(), table);
    }
    tables
}

#[derive(diesel::QueryableByName)]
struct FoundColumn {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Bool)]
    in_key: bool,
}

const SQLITE: &str = "
    SELECT m.name AS table_name, c.name AS column_name, lower(c.type) AS kind,
           c.\"notnull\" = 0 AND c.pk = 0 AS nullable, c.pk > 0 AS in_key
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table'";

const POSTGRES: &str = "
    SELECT c.table_name::text AS table_name, c.column_name::text AS column_name,
           c.data_type::text AS kind, c.is_nullable = 'YES' AS nullable,
           EXISTS (
               SELECT 1 FROM information_schema.table_constraints t
               JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
               WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = 'public'
                 AND k.table_name = c.table_name AND k.column_name = c.column_name
           ) AS in_key
    FROM information_schema.columns c
    WHERE c.table_schema = 'public'";

fn found(conn: &mut Conn) -> Result<Vec<FoundColumn>, DbError> {
    Ok(match conn {
        Conn::Sqlite(sqlite) => sql_query(SQLITE).load(sqlite)?,
        Conn::Postgres(postgres) => sql_query(POSTGRES).load(postgres)?,
    })
}

/// Returns the Diesel name of a column type.
fn diesel_name(column: &FoundColumn) -> &'static str {
    match column.kind.as_str() {
        // The alias of the row id, which has 64 bits whatever its declared type.
        "integer" if column.in_key && column.column_name != "id" => "BigInt",
        "integer" if column.in_key && column.table_name != "settings" => "BigInt",
        "integer" => "Integer",
        "bigint" => "BigInt",
        "smallint" => "SmallInt",
        "text" => "Text",
        "boolean" => "Bool",
        "blob" | "bytea" => "Binary",
        "double" | "double precision" => "Double",
        "timestamp" | "timestamp without time zone" => "Timestamp",
        other => panic!("{}.{}: unknown type {other}", column.table_name, column.column_name),
    }
}

async fn the_migrated_tables_match_the_schema(app: TestApp) {
    let mut tables = Tables::new();
    for column in app.db.read(found).await.unwrap() {
        if is_foreign(&column.table_name) {
            continue;
        }
        let kind = diesel_name(&column).to_owned();
        let table = tables.entry(column.table_name).or_default();
        if column.in_key {
            table.primary_key.insert(column.column_name.clone());
        }
        let nullable = column.nullable;
        table.columns.insert(Column { name: column.column_name, kind, nullable });
    }
    let expected = of_the_code();
    let names = |tables: &Tables| tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&tables), names(&expected));
    for (name, table) in &expected {
        assert_eq!(&tables[name], table, "{name}");
    }
}

async fn settings_stored_before_the_object_of_job_types_are_kept(app: TestApp) {
    let migration = "2026-11-29-000032_settings_job_types";
    let script = move |conn: &Conn, name| {
        let of = if matches!(conn, Conn::Sqlite(_)) { "sqlite" } else { "postgres" };
        let folder = folders(of).into_iter().find(|path| path.ends_with(migration)).unwrap();
        std::fs::read_to_string(folder.join(name)).unwrap()
    };
    let mut stored = Settings::default();
    stored.for_job_type_mut(JobType::Repair).sla_hours = 7;
    let former = serde_json::json!({
        "installation": stored.job_types[&JobType::Installation],
        "repair": stored.job_types[&JobType::Repair],
        "calendar": stored.calendar,
    });
    let insert = format!(
        "INSERT INTO settings (id, data, version, updated_at) VALUES (1, '{former}', 1, '2026-01-01 00:00:00')"
    );
    let read = "SELECT data AS text FROM settings";
    let (loaded, reverted) = app
        .db
        .write(move |tx| {
            let conn = tx.conn();
            conn.batch_execute(&insert)?;
            conn.batch_execute(&script(conn, "up.sql"))?;
            let loaded = db::tables::settings::load(conn)?;
            conn.batch_execute(&script(conn, "down.sql"))?;
            let reverted: StoredText = sql_query(read).get_result(conn)?;
            Ok::<_, DbError>((loaded, reverted.text))
        })
        .await
        .unwrap();
    assert_eq!(loaded, stored);
    let reverted: serde_json::Value = serde_json::from_str(&reverted).unwrap();
    assert_eq!(reverted, former);
}

#[derive(diesel::QueryableByName)]
struct StoredText {
    #[diesel(sql_type = Text)]
    text: String,
}

fn folders(of: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(of);
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |of| -> Vec<_> {
        let folders: Vec<PathBuf> = folders(of);
        folders.iter().map(|path| path.file_name().unwrap().to_owned()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    for folder in [folders("sqlite"), folders("postgres")].concat() {
        for file in ["up.sql", "down.sql"] {
            assert!(folder.join(file).is_file(), "{}/{file}", folder.display());
        }
    }
}
