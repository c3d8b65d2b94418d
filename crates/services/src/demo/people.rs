//! Demo customers.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use shared::customer::{CustomerInput, CustomerStatus};

use super::staff::PLANS;

/// Total number of customers.
pub const CUSTOMERS: usize = 300;
/// How many of them signed up within the sixty days, each with an installation.
pub const NEW_CUSTOMERS: usize = 56;

const FIRST_NAMES: [&str; 48] = [
    "Agus", "Ahmad", "Andi", "Anisa", "Ari", "Bambang", "Bayu", "Budi", "Citra", "Dedi", "Desi",
    "Dewi", "Dian", "Dwi", "Eka", "Eko", "Endang", "Fajar", "Fitri", "Galih", "Hadi", "Hendra",
    "Heri", "Indah", "Intan", "Iwan", "Joko", "Kartika", "Lestari", "Maya", "Mulyono", "Nining",
    "Nur", "Putri", "Rahmat", "Ratna", "Retno", "Rini", "Rudi", "Sari", "Siti", "Slamet", "Sri",
    "Sutrisno", "Tri", "Wahyu", "Widodo", "Yuni",
];

const LAST_NAMES: [&str; 32] = [
    "Anggraini",
    "Astuti",
    "Cahyono",
    "Firmansyah",
    "Gunawan",
    "Handayani",
    "Hartono",
    "Hidayat",
    "Irawan",
    "Kurniawan",
    "Kusuma",
    "Laksono",
    "Maharani",
    "Nugroho",
    "Nurhayati",
    "Permana",
    "Prabowo",
    "Prasetyo",
    "Pratama",
    "Purnomo",
    "Rahayu",
    "Ramadhan",
    "Saputra",
    "Setiawan",
    "Subekti",
    "Sulistyo",
    "Suryanto",
    "Utami",
    "Wibowo",
    "Widyastuti",
    "Wijayanti",
    "Yulianto",
];

/// Villages (*kalurahan*) of Kabupaten Bantul with district, area code and approximate centre.
const VILLAGES: [(&str, &str, &str, f64, f64); 8] = [
    ("Tirtonirmolo", "Kasihan", "KSH", -7.8210, 110.3420),
    ("Ngestiharjo", "Kasihan", "KSH", -7.7985, 110.3440),
    ("Tamantirto", "Kasihan", "KSH", -7.8215, 110.3235),
    ("Panggungharjo", "Sewon", "SWN", -7.8390, 110.3560),
    ("Bangunharjo", "Sewon", "SWN", -7.8425, 110.3700),
    ("Timbulharjo", "Sewon", "SWN", -7.8650, 110.3680),
    ("Baturetno", "Banguntapan", "BTP", -7.8190, 110.4090),
    ("Potorono", "Banguntapan", "BTP", -7.8290, 110.4180),
];

const STREETS: [&str; 14] = [
    "Jl. Anggrek",
    "Jl. Cempaka",
    "Jl. Dahlia",
    "Jl. Garuda",
    "Jl. Kenanga",
    "Jl. Mawar",
    "Jl. Melati",
    "Jl. Merpati",
    "Jl. Nangka",
    "Gg. Flamboyan",
    "Gg. Kamboja",
    "Gg. Manggis",
    "Gg. Rajawali",
    "Gg. Sawo",
];

/// All customers; the last [`NEW_CUSTOMERS`] of them sign up during the sixty days.
pub fn customers(rng: &mut StdRng) -> Vec<CustomerInput> {
    (0..CUSTOMERS).map(|index| customer(rng, index)).collect()
}

fn customer(rng: &mut StdRng, index: usize) -> CustomerInput {
    let (village, district, area, latitude, longitude) = choose(rng, &VILLAGES);
    let (first, last) = (choose(rng, &FIRST_NAMES), choose(rng, &LAST_NAMES));
    let street = choose(rng, &STREETS);
    let (house, rt, rw) =
        (rng.random_range(1..80), rng.random_range(1..9), rng.random_range(1..16));
    let odp = format!("ODP-{area}-{:03}", rng.random_range(1..25));
    let name = format!("{first} {last}");
    let email = format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase());
    let plan = PLANS.len() - 1;
    let plan = if rng.random_bool(0.08) { plan } else { rng.random_range(0..plan) };
    CustomerInput {
        name,
        // No number range is reserved for fictional people; this one is at least not in use.
        phone: format!("0812-0000-{:04}", 1000 + index),
        email: rng.random_bool(0.3).then_some(email),
        address: format!(
            "{street} No. {house}, RT {rt:02}/RW {rw:02}, {village}, {district}, Bantul"
        ),
        area: Some(village.to_owned()),
        latitude: Some(jitter(rng, latitude)),
        longitude: Some(jitter(rng, longitude)),
        // An index into the plans; replaced by the id once the plans exist.
        plan_id: Some(shared::PlanId(plan as i64)),
        status: Some(if index >= CUSTOMERS - NEW_CUSTOMERS {
            CustomerStatus::Prospect
        } else {
            match rng.random_range(0..100) {
                0..6 => CustomerStatus::Suspended,
                6..10 => CustomerStatus::Terminated,
                _ => CustomerStatus::Active,
            }
        }),
        // There is no province 99, so this is nobody's number.
        nik: (!index.is_multiple_of(3))
            .then(|| format!("99{:04}{:02}0190{:04}", 200 + index, 1 + index % 28, index)),
        odp: Some(odp),
        ..CustomerInput::default()
    }
}

/// A coordinate moved by up to about a kilometre, with the precision of a phone.
pub fn jitter(rng: &mut StdRng, degrees: f64) -> f64 {
    let moved = degrees + rng.random_range(-0.009..0.009);
    (moved * 1e6).round() / 1e6
}

/// Picks a random element.
pub fn choose<T: Copy>(rng: &mut StdRng, of: &[T]) -> T {
    of.choose(rng).copied().unwrap_or(of[0])
}
