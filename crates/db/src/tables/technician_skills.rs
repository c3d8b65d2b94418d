//! Skills of technicians.

use diesel::prelude::*;
use shared::TechnicianId;
use shared::technician::{Skill, SkillKind};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::technician_skills as table;

/// The skills of several technicians, highest level first.
pub fn for_technicians(
    conn: &mut Conn,
    ids: &[TechnicianId],
) -> Result<Vec<(TechnicianId, Skill)>, DbError> {
    let rows: Vec<(TechnicianId, SkillKind, i16)> = table::table
        .filter(table::technician_id.eq_any(ids.to_vec()))
        .order((table::technician_id, table::level.desc(), table::skill))
        .load(conn)?;
    let skill = |(id, skill, level)| (id, Skill { skill, level: u8::try_from(level).unwrap_or(1) });
    Ok(rows.into_iter().map(skill).collect())
}

/// Replaces all skills of a technician.
pub fn replace(conn: &mut Conn, id: TechnicianId, skills: &[Skill]) -> Result<(), DbError> {
    diesel::delete(table::table.filter(table::technician_id.eq(id))).execute(conn)?;
    for skill in skills {
        let row = (
            table::technician_id.eq(id),
            table::skill.eq(skill.skill),
            table::level.eq(i16::from(skill.level)),
        );
        diesel::insert_into(table::table).values(row).execute(conn)?;
    }
    Ok(())
}
