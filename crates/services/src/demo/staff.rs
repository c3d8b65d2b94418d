//! Demo plans, office accounts and technicians.

use db::Tx;
use shared::plan::PlanInput;
use shared::technician::{Skill, SkillKind, TechnicianCreate};
use shared::user::NewUser;
use shared::{PlanId, Role, Rupiah};

use crate::error::Result;
use crate::{Actor, plans, technicians, users};

/// The technician whose account is published.
pub const FIRST_TECHNICIAN: &str = "joko";

/// Code, name, speed in Mbps, price in rupiah per month. The last one is for businesses.
pub const PLANS: [(&str, &str, i32, i64); 4] = [
    ("HOME-10", "Rumah 10 Mbps", 10, 165_000),
    ("HOME-20", "Rumah 20 Mbps", 20, 220_000),
    ("HOME-50", "Rumah 50 Mbps", 50, 330_000),
    ("BIZ-100", "Bisnis 100 Mbps", 100, 950_000),
];

const OFFICE_USERS: [(&str, &str, Role); 5] = [
    ("superadmin", "Rina Kusuma", Role::Superadmin),
    ("admin", "Dimas Prasetyo", Role::Admin),
    ("manajer", "Wulan Hartono", Role::Manager),
    ("cs", "Nadia Permana", Role::Cs),
    ("gudang", "Slamet Purnomo", Role::Gudang),
];

use SkillKind::{Installation, Network, Repair, Splicing, Wireless};

type Skills = &'static [(SkillKind, u8)];

/// User name, name, base coordinates, skills.
const TECHNICIANS: [(&str, &str, f64, f64, Skills); 12] = [
    (
        FIRST_TECHNICIAN,
        "Joko Susilo",
        -7.8225,
        110.3400,
        &[(Installation, 5), (Splicing, 4), (Repair, 4)],
    ),
    ("anton", "Anton Wibowo", -7.7990, 110.3450, &[(Installation, 4), (Repair, 3)]),
    ("bagus", "Bagus Saputra", -7.8230, 110.3240, &[(Installation, 3), (Repair, 3)]),
    ("candra", "Candra Irawan", -7.8380, 110.3570, &[(Repair, 5), (Network, 4), (Splicing, 3)]),
    ("deni", "Deni Setiawan", -7.8430, 110.3690, &[(Installation, 4), (Wireless, 4)]),
    ("erwin", "Erwin Hidayat", -7.8640, 110.3690, &[(Repair, 4), (Installation, 3)]),
    ("feri", "Feri Nugroho", -7.8200, 110.4080, &[(Splicing, 5), (Repair, 4)]),
    ("gilang", "Gilang Pratama", -7.8280, 110.4170, &[(Installation, 2), (Repair, 2)]),
    ("hasan", "Hasan Basri", -7.8100, 110.3600, &[(Installation, 4), (Repair, 4)]),
    ("imam", "Imam Cahyono", -7.8500, 110.3500, &[(Network, 5), (Wireless, 3)]),
    ("jaka", "Jaka Firmansyah", -7.8350, 110.3900, &[(Installation, 3), (Repair, 3)]),
    ("kukuh", "Kukuh Laksono", -7.8050, 110.3850, &[(Installation, 4), (Splicing, 2), (Repair, 3)]),
];

/// Number of technicians.
pub const TECHNICIAN_COUNT: usize = TECHNICIANS.len();

/// The actors of the demo.
pub struct Staff {
    pub superadmin: Actor,
    pub admin: Actor,
    pub cs: Actor,
    pub gudang: Actor,
    pub technicians: Vec<Actor>,
    /// In the order of [`PLANS`].
    pub plans: Vec<PlanId>,
}

pub fn create(tx: &mut Tx<'_>, password_hash: &str) -> Result<Staff> {
    let mut office = Vec::with_capacity(OFFICE_USERS.len());
    for (username, name, role) in OFFICE_USERS {
        let new = NewUser { username: username.into(), name: name.into(), role };
        let user_id = users::create_by_system(tx, &new, password_hash)?;
        office.push(Actor::for_user(user_id, name, role, None));
    }
    let superadmin = office[0].clone();
    let mut plan_ids = Vec::with_capacity(PLANS.len());
    for (code, name, speed_mbps, price) in PLANS {
        let plan =
            PlanInput { code: code.into(), name: name.into(), speed_mbps, price: Rupiah(price) };
        plan_ids.push(plans::create(tx, &superadmin, &plan)?.id);
    }
    let mut crew = Vec::with_capacity(TECHNICIANS.len());
    for (index, &(username, name, latitude, longitude, skills)) in TECHNICIANS.iter().enumerate() {
        let new = TechnicianCreate {
            name: name.into(),
            phone: format!("0812-0000-{:04}", 100 + index),
            username: username.into(),
            password: String::new(),
            skills: skills.iter().map(|&(skill, level)| Skill { skill, level }).collect(),
            base_latitude: Some(latitude),
            base_longitude: Some(longitude),
        };
        let made = technicians::create_with(tx, &superadmin, &new, password_hash, false)?;
        crew.push(Actor::for_user(made.user_id, made.name, Role::User, Some(made.id)));
    }
    let [superadmin, admin, _, cs, gudang] =
        office.try_into().unwrap_or_else(|_| unreachable!("five logins"));
    Ok(Staff { superadmin, admin, cs, gudang, technicians: crew, plans: plan_ids })
}
