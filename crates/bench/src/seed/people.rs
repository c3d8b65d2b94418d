//! Seed data: technicians and customers with random names.

use chrono::TimeDelta;
use rusqlite::{Transaction, params};

use super::random::Random;
use super::{SeedContext, format_time};

const FIRST_NAMES: [&str; 30] = [
    "Siti", "Budi", "Agus", "Dewi", "Sri", "Wahyu", "Rina", "Eko", "Nur", "Andi", "Fitri", "Joko",
    "Yuni", "Hendra", "Ratna", "Bambang", "Indah", "Slamet", "Lestari", "Dian", "Rudi", "Wulan",
    "Tono", "Maya", "Arif", "Endang", "Surya", "Mega", "Anton", "Putri",
];
const LAST_NAMES: [&str; 30] = [
    "Rahayu",
    "Santoso",
    "Wibowo",
    "Lestari",
    "Hidayat",
    "Susanti",
    "Nugroho",
    "Setiawan",
    "Kusuma",
    "Pratama",
    "Handayani",
    "Saputra",
    "Utami",
    "Purnomo",
    "Wijaya",
    "Suryani",
    "Gunawan",
    "Astuti",
    "Firmansyah",
    "Maharani",
    "Prasetyo",
    "Yulianti",
    "Hartono",
    "Permata",
    "Siregar",
    "Nasution",
    "Sihombing",
    "Anggraini",
    "Ramadhan",
    "Kurniawan",
];
const STREETS: [&str; 12] = [
    "Jl. Kaliurang KM",
    "Jl. Parangtritis KM",
    "Jl. Wates KM",
    "Jl. Magelang KM",
    "Jl. Imogiri KM",
    "Jl. Godean KM",
    "Jl. Palagan KM",
    "Jl. Bantul KM",
    "Gang Melati No.",
    "Gang Mawar No.",
    "Perum Griya Asri Blok",
    "Dusun Ngasem RT",
];
const DISTRICTS: [&str; 10] = [
    "Ngaglik, Sleman",
    "Depok, Sleman",
    "Mlati, Sleman",
    "Kasihan, Bantul",
    "Sewon, Bantul",
    "Banguntapan, Bantul",
    "Gamping, Sleman",
    "Pleret, Bantul",
    "Wates, Kulon Progo",
    "Kalasan, Sleman",
];

/// The part of a customer that jobs need.
pub struct Customer {
    pub id: i64,
    pub number: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    pub place: (f64, f64),
}

fn random_name(random: &mut Random) -> String {
    format!("{} {}", random.pick(&FIRST_NAMES), random.pick(&LAST_NAMES))
}

/// Inserts technicians, each with a user account and a bag; returns their ids.
pub fn technicians(
    tx: &Transaction<'_>,
    world: &mut SeedContext,
    count: u32,
) -> rusqlite::Result<Vec<i64>> {
    let at = format_time(world.now - super::JOB_PERIOD);
    let mut users = tx.prepare(
        "INSERT INTO users (username, name, role, password_hash, must_change_password,
             created_at, updated_at) VALUES (?1, ?2, 'user', '!', 1, ?3, ?3)",
    )?;
    let mut technicians = tx.prepare(
        "INSERT INTO technicians (user_id, name, phone, base_latitude, base_longitude, on_duty,
             active, search_text, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 1, 1, ?6, ?7, ?7)",
    )?;
    let mut bags = tx.prepare(
        "INSERT INTO locations (code, name, kind, technician_id) VALUES (?1, ?2, 'technician', ?3)",
    )?;
    let mut ids = Vec::new();
    for index in 0..count {
        let (name, username) = (random_name(&mut world.random), format!("teknisi.{index}"));
        let phone = format!("+62857{:08}", 10_000_000 + index);
        users.execute((&username, &name, &at))?;
        let user = tx.last_insert_rowid();
        let (lat, lon) = random_coordinates(&mut world.random);
        let search = format!("{name} {username} {phone}").to_lowercase();
        technicians.execute(params![user, name, phone, lat, lon, search, at])?;
        let id = tx.last_insert_rowid();
        bags.execute((format!("TAS-{index:03}"), &name, id))?;
        ids.push(id);
    }
    Ok(ids)
}

/// Inserts customers.
pub fn customers(
    tx: &Transaction<'_>,
    world: &mut SeedContext,
    count: u32,
) -> rusqlite::Result<Vec<Customer>> {
    let mut statement = tx.prepare(
        "INSERT INTO customers (number, name, phone, address, latitude, longitude, status,
             search_text, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'active', ?7, ?8, ?8)",
    )?;
    let mut all = Vec::with_capacity(count as usize);
    for index in 0..count {
        let number = format!("C-{:06}", world.next_number("customer"));
        let random = &mut world.random;
        let (name, place) = (random_name(random), random_coordinates(random));
        let phone = format!("+62812{:08}", random.below(100_000_000));
        let (street, house, district) =
            (random.pick(&STREETS), random.below(200) + 1, random.pick(&DISTRICTS));
        let address = format!("{street} {house}, {district}");
        let search = format!("{number} {name} {phone} {address}").to_lowercase();
        let at = format_time(world.now - super::JOB_PERIOD + TimeDelta::seconds(i64::from(index)));
        let (lat, lon) = place;
        statement.execute(params![number, name, phone, address, lat, lon, search, at])?;
        all.push(Customer { id: tx.last_insert_rowid(), number, name, phone, address, place });
    }
    Ok(all)
}

fn random_coordinates(random: &mut Random) -> (f64, f64) {
    (random.between(-7.95, -7.65), random.between(110.2, 110.5))
}
