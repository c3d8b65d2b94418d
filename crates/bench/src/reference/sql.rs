//! SQL of the reference: job, customer and technicians in one statement, the same on both databases but
//! for the sign of the parameter.

/// The columns of a job, one row per technician.
macro_rules! columns {
    () => {
        "j.id, j.number, j.job_type, j.priority, j.status, j.title, j.description, j.customer_id,
         c.name, c.number, c.phone, c.plan_id, j.address, j.latitude, j.longitude,
         j.scheduled_start, j.scheduled_end, j.due_at, j.on_hold_reason, j.report,
         j.ont_serial_number, j.attenuation_dbm, j.created_by, j.created_at, j.completed_at,
         j.version, t.id, t.name, m.lead"
    };
}

macro_rules! joins {
    () => {
        "JOIN customers c ON c.id = j.customer_id
         LEFT JOIN job_technicians m ON m.job_id = j.id
         LEFT JOIN technicians t ON t.id = m.technician_id"
    };
}

macro_rules! page_order {
    () => {
        "ORDER BY j.created_at DESC, j.id DESC, m.lead DESC, m.technician_id"
    };
}

/// The newest jobs; `?1` is how many.
pub const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM (SELECT id FROM jobs ORDER BY created_at DESC, id DESC LIMIT ?1) p
      JOIN jobs j ON j.id = p.id ",
    joins!(),
    " ",
    page_order!()
);

/// One job; `?1` is its id.
pub const GET: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM jobs j ",
    joins!(),
    " WHERE j.id = ?1 ORDER BY m.lead DESC, m.technician_id"
);
