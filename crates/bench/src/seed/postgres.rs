//! Seed data on PostgreSQL.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl};

use super::words::{LISTS, WordList};
use super::{HASH_MODULUS, STEPS, Values};
use crate::Result;
use crate::data::connect;

/// Indexes without those of constraints.
const INDEXES: &str = "SELECT indexname AS name, indexdef AS definition FROM pg_indexes i
    WHERE schemaname = 'public' AND NOT EXISTS (
        SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexname::regclass)";

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

/// Runs the statements.
pub fn fill(url: &str, values: &Values) -> Result {
    let mut conn = connect(url)?;
    let mut run = || -> diesel::QueryResult<()> {
        conn.batch_execute("SET maintenance_work_mem = '512MB'; SET work_mem = '256MB';")?;
        conn.batch_execute(&functions())?;
        let indexes = drop_indexes(&mut conn)?;
        for step in STEPS {
            let role = if step.checked { "origin" } else { "replica" };
            conn.batch_execute(&format!("SET session_replication_role = {role}"))?;
            conn.batch_execute(&values.insert_into(step.sql))?;
        }
        for index in indexes {
            conn.batch_execute(&index.definition)?;
        }
        continue_identities(&mut conn)?;
        conn.batch_execute("DROP SCHEMA seed CASCADE")?;
        // As the server's autovacuum leaves it.
        conn.batch_execute("VACUUM (ANALYZE)")?;
        conn.batch_execute("CHECKPOINT")
    };
    run().map_err(|error| format!("filling {url}: {error}"))
}

fn drop_indexes(conn: &mut PgConnection) -> diesel::QueryResult<Vec<Index>> {
    let indexes: Vec<Index> = diesel::sql_query(INDEXES).load(conn)?;
    for index in &indexes {
        conn.batch_execute(&format!("DROP INDEX {}", index.name))?;
    }
    Ok(indexes)
}

/// Lets the columns that number themselves continue after the rows that were written with numbers.
fn continue_identities(conn: &mut PgConnection) -> diesel::QueryResult<()> {
    conn.batch_execute(
        "DO $$
         DECLARE c record;
         BEGIN
             FOR c IN SELECT table_name, column_name FROM information_schema.columns
                      WHERE table_schema = 'public' AND is_identity = 'YES' LOOP
                 EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), max(%I)) FROM %I
                                 HAVING max(%I) IS NOT NULL',
                     c.table_name, c.column_name, c.column_name, c.table_name, c.column_name);
             END LOOP;
         END $$",
    )
}

/// The functions, in a schema of their own.
fn functions() -> String {
    let mut sql = format!(
        "CREATE SCHEMA seed;
         SET search_path = public, seed;
         {begin}seed_hash(i bigint, c bigint) RETURNS bigint {language} SELECT
             ((((i * 48271 + c * 69621 + 12345) % {HASH_MODULUS})
             * ((i * 48271 + c * 69621 + 12345) % {HASH_MODULUS})) % {HASH_MODULUS}
             * 16807 + c) % {HASH_MODULUS} $$;
         {begin}seed_pad(n bigint, width bigint) RETURNS text {language}
             SELECT lpad(n::text, greatest(width::int, length(n::text)), '0') $$;
         {begin}seed_hex(n bigint) RETURNS text {language} SELECT upper(lpad(to_hex(n), 8, '0')) $$;
         {begin}seed_time(seconds bigint) RETURNS timestamp {language}
             SELECT timestamp 'epoch' + seconds * interval '1 second' $$;
         {begin}seed_month(seconds bigint) RETURNS text {language}
             SELECT to_char(timestamp 'epoch' + seconds * interval '1 second', 'YYYYMM') $$;
         {begin}seed_words(t text) RETURNS text {language}
             SELECT trim(regexp_replace(lower(t), '[^a-z0-9]+', ' ', 'g')) $$;
         {begin}seed_ends(mark text, word text) RETURNS text {language}
             SELECT string_agg(mark || substr(word, i), ' ') FROM generate_series(1, length(word) - 2) i $$;
         {begin}seed_mac() RETURNS bytea {language} SELECT decode(repeat('00', 32), 'hex') $$;",
        begin = "CREATE FUNCTION seed.",
        language = "IMMUTABLE LANGUAGE sql AS $$",
    );
    for list in &LISTS {
        sql += &word_function(list);
    }
    sql
}

fn word_function(list: &WordList) -> String {
    let words: Vec<String> = list.words.iter().map(|word| format!("'{word}'")).collect();
    format!(
        "CREATE FUNCTION seed.{}(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
             SELECT (ARRAY[{}])[1 + n % {}] $$;",
        list.function,
        words.join(", "),
        words.len()
    )
}
