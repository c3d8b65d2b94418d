//! What happens when, worked out before anything is written.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use rand::Rng;
use rand::rngs::StdRng;
use shared::customer::CustomerInput;
use shared::job::{JobPriority, JobType};
use shared::job_machine::JobAction;
use shared::photo::PhotoKind;

use super::people::{CUSTOMERS, NEW_CUSTOMERS};
use super::staff;
use super::warehouse::DELIVERIES;

/// How far the demo reaches back.
const DAYS: i64 = 60;
/// Repairs that are long done.
const OLD_REPAIRS: usize = 118;

/// One thing that happens. Numbers are places in [`Script::people`] and [`Script::jobs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Delivery(usize),
    /// A technician signs for tools.
    Tools(usize),
    /// A technician fills up the bag.
    Refill(usize),
    /// Splitters for a new distribution point: stock runs low.
    Splitters,
    Customer(usize),
    Open(usize),
    Assign(usize),
    /// Assigned to somebody who declines.
    AssignInVain(usize),
    DeclinedInVain(usize),
    Act(usize, JobAction),
    Photo(usize, PhotoKind),
    Complete(usize),
    Verify(usize),
}

/// A job to come.
#[derive(Debug, Clone)]
pub struct JobPlan {
    pub customer: usize,
    pub job_type: JobType,
    pub priority: JobPriority,
    /// Place in the list of technicians.
    pub technician: usize,
    /// Which fault, and so which words.
    pub fault: usize,
    pub attenuation_dbm: f64,
    pub cable_metres: i64,
}

/// Everything that happens, in order.
#[derive(Debug)]
pub struct Script {
    pub people: Vec<CustomerInput>,
    pub jobs: Vec<JobPlan>,
    pub steps: Vec<(DateTime<Utc>, Deed)>,
    /// Before all of it.
    pub begin: DateTime<Utc>,
}

impl Script {
    /// The photos in the order in which they are taken.
    pub fn photos(&self) -> impl Iterator<Item = (DateTime<Utc>, usize, PhotoKind)> {
        self.steps.iter().filter_map(|(at, deed)| match deed {
            Deed::Photo(job, kind) => Some((*at, *job, *kind)),
            _ => None,
        })
    }
}

/// How far a job of today has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    Assigned,
    Accepted,
    EnRoute,
    InProgress,
    OnHold,
    Completed,
}

use JobPriority::{High, Low, Normal, Urgent};
use JobType::{Installation, Repair};

/// The jobs of today: type, priority, age in minutes, stage. Repairs of normal priority are due
/// after 24 hours, so those of more than 1,440 minutes are late and those of 1,100 nearly.
const TODAY: [(JobType, JobPriority, i64, Stage); 38] = [
    (Repair, Normal, 12, Stage::Open),
    (Repair, High, 35, Stage::Open),
    (Installation, Normal, 50, Stage::Open),
    (Repair, Low, 190, Stage::Open),
    (Installation, Normal, 320, Stage::Open),
    (Repair, Normal, 1_275, Stage::Open),
    (Repair, Normal, 1_530, Stage::Open),
    (Repair, Urgent, 395, Stage::Open),
    (Repair, Normal, 80, Stage::Assigned),
    (Installation, Normal, 400, Stage::Assigned),
    (Repair, High, 610, Stage::Assigned),
    (Repair, Normal, 1_190, Stage::Assigned),
    (Repair, Normal, 140, Stage::Accepted),
    (Installation, High, 900, Stage::Accepted),
    (Repair, Normal, 260, Stage::Accepted),
    (Repair, Low, 1_700, Stage::Accepted),
    (Repair, Normal, 150, Stage::EnRoute),
    (Installation, Normal, 1_000, Stage::EnRoute),
    (Repair, Urgent, 75, Stage::EnRoute),
    (Repair, Normal, 180, Stage::InProgress),
    (Installation, Normal, 1_310, Stage::InProgress),
    (Repair, High, 240, Stage::InProgress),
    (Repair, Normal, 1_620, Stage::InProgress),
    (Repair, Normal, 330, Stage::InProgress),
    (Installation, Normal, 2_500, Stage::OnHold),
    (Repair, Normal, 1_800, Stage::OnHold),
    (Repair, Normal, 700, Stage::OnHold),
    (Installation, Low, 3_900, Stage::OnHold),
    (Repair, Normal, 420, Stage::Completed),
    (Installation, Normal, 1_500, Stage::Completed),
    (Repair, High, 300, Stage::Completed),
    (Repair, Normal, 560, Stage::Completed),
    (Installation, Normal, 2_000, Stage::Completed),
    (Repair, Urgent, 200, Stage::Completed),
    (Repair, Normal, 640, Stage::Completed),
    (Installation, Normal, 2_600, Stage::Completed),
    (Installation, Normal, 1_900, Stage::Completed),
    (Installation, Normal, 2_200, Stage::Completed),
];

struct Writer<'a> {
    rng: &'a mut StdRng,
    now: DateTime<Utc>,
    next_customer: usize,
    jobs: Vec<JobPlan>,
    steps: Vec<(DateTime<Utc>, Deed)>,
}

/// Writes the script.
pub fn write(rng: &mut StdRng, now: DateTime<Utc>, people: Vec<CustomerInput>) -> Script {
    let begin = now - TimeDelta::days(DAYS + 200);
    let first_new = CUSTOMERS - NEW_CUSTOMERS;
    let mut writer =
        Writer { rng, now, next_customer: first_new, jobs: Vec::new(), steps: Vec::new() };
    for customer in 0..first_new {
        let at = begin + writer.minutes(60, 199 * 1_440);
        writer.steps.push((at, Deed::Customer(customer)));
    }
    writer.warehouse();
    let of_today = TODAY.iter().filter(|(job_type, ..)| *job_type == Installation).count();
    for _ in 0..NEW_CUSTOMERS - of_today {
        writer.old_job(Installation);
    }
    for _ in 0..OLD_REPAIRS {
        writer.old_job(Repair);
    }
    for (index, today) in TODAY.into_iter().enumerate() {
        writer.job_of_today(index, today);
    }
    let Writer { jobs, mut steps, .. } = writer;
    // Equal times keep the order in which they were written down.
    steps.sort_by_key(|(at, _)| *at);
    Script { people, jobs, steps, begin }
}

impl Writer<'_> {
    fn minutes(&mut self, from: i64, to: i64) -> TimeDelta {
        TimeDelta::seconds(self.rng.random_range(from * 60..to * 60))
    }

    fn warehouse(&mut self) {
        let start = self.now - TimeDelta::days(DAYS);
        for delivery in 0..DELIVERIES {
            let day = TimeDelta::days(delivery as i64 * 22 - 1);
            self.steps.push((start + day, Deed::Delivery(delivery)));
        }
        for technician in 0..staff::COUNT {
            self.steps.push((start - TimeDelta::hours(20), Deed::Tools(technician)));
            let day = TimeDelta::days(technician as i64 * 4 + 3);
            self.steps.push((start + day, Deed::Refill(technician)));
        }
        self.steps.push((self.now - TimeDelta::hours(29), Deed::Splitters));
    }

    fn plan(&mut self, job_type: JobType, priority: JobPriority, technician: usize) -> usize {
        let customer = match job_type {
            Installation => {
                self.next_customer += 1;
                self.next_customer - 1
            }
            Repair => self.rng.random_range(0..CUSTOMERS - NEW_CUSTOMERS),
        };
        let attenuation = self.rng.random_range(-243..-172);
        let job = JobPlan {
            customer,
            job_type,
            priority,
            technician,
            fault: self.rng.random_range(0..1_000),
            attenuation_dbm: f64::from(attenuation) / 10.0,
            cable_metres: self.rng.random_range(35..76),
        };
        self.jobs.push(job);
        self.jobs.len() - 1
    }

    /// Opens a job; a new customer is taken down first.
    fn open(&mut self, job: usize, at: DateTime<Utc>) {
        if self.jobs[job].job_type == Installation {
            let customer = self.jobs[job].customer;
            self.steps.push((at - TimeDelta::minutes(4), Deed::Customer(customer)));
        }
        self.steps.push((at, Deed::Open(job)));
    }

    fn old_job(&mut self, job_type: JobType) {
        let technician = self.rng.random_range(0..staff::COUNT);
        let priority = match self.rng.random_range(0..10) {
            0 => High,
            1 if job_type == Repair => Urgent,
            2 => Low,
            _ => Normal,
        };
        let job = self.plan(job_type, priority, technician);
        let late = self.rng.random_bool(0.08);
        let day = TimeDelta::days(self.rng.random_range(if late { 5 } else { 2 }..DAYS));
        let midnight = (self.now - day).duration_trunc(TimeDelta::days(1)).unwrap_or(self.now);
        // Seven in the morning to five in the afternoon, local time.
        let mut at = midnight + self.minutes(0, 600);
        self.open(job, at);
        if self.rng.random_bool(0.06) {
            at += self.minutes(10, 300);
            return self.steps.push((at, Deed::Act(job, JobAction::Cancel)));
        }
        if self.rng.random_bool(0.05) {
            at += self.minutes(5, 30);
            self.steps.push((at, Deed::AssignInVain(job)));
            at += self.minutes(3, 15);
            self.steps.push((at, Deed::DeclinedInVain(job)));
        }
        if late {
            at += self.minutes(1_500, 2_400);
        }
        if self.rng.random_bool(0.4) {
            at += self.minutes(3, 40);
            self.steps.push((at, Deed::Act(job, JobAction::Claim)));
        } else {
            at += self.minutes(5, 50);
            self.steps.push((at, Deed::Assign(job)));
            at += self.minutes(3, 25);
            self.steps.push((at, Deed::Act(job, JobAction::Accept)));
        }
        at += self.minutes(10, 150);
        self.steps.push((at, Deed::Act(job, JobAction::Depart)));
        at += self.minutes(10, 35);
        self.steps.push((at, Deed::Act(job, JobAction::Start)));
        if self.rng.random_bool(0.1) {
            at += self.minutes(15, 40);
            self.steps.push((at, Deed::Act(job, JobAction::Hold)));
            at += self.minutes(60, 300);
            self.steps.push((at, Deed::Act(job, JobAction::Resume)));
        }
        at = self.finish(job, at);
        at += self.minutes(60, 900);
        if at < self.now {
            self.steps.push((at, Deed::Verify(job)));
        }
    }

    /// Photos and completion.
    fn finish(&mut self, job: usize, mut at: DateTime<Utc>) -> DateTime<Utc> {
        let kinds: &[PhotoKind] = match self.jobs[job].job_type {
            Installation => &[PhotoKind::Device, PhotoKind::Attenuation],
            Repair => &[PhotoKind::After],
        };
        at += self.minutes(25, 80);
        for &kind in kinds {
            at += TimeDelta::seconds(self.rng.random_range(40..200));
            self.steps.push((at, Deed::Photo(job, kind)));
        }
        at += self.minutes(2, 8);
        self.steps.push((at, Deed::Complete(job)));
        at
    }

    fn job_of_today(
        &mut self,
        index: usize,
        (job_type, priority, age, stage): (JobType, JobPriority, i64, Stage),
    ) {
        // One after the other, so that nobody is on the road to two places at once.
        let job = self.plan(job_type, priority, index % staff::COUNT);
        let begin = self.now - TimeDelta::minutes(age);
        self.open(job, begin);
        let act = |action| Deed::Act(job, action);
        let way = [
            (Stage::Assigned, Deed::Assign(job)),
            (Stage::Accepted, act(JobAction::Accept)),
            (Stage::EnRoute, act(JobAction::Depart)),
            (Stage::InProgress, act(JobAction::Start)),
        ];
        let reached = |of: Stage| match stage {
            Stage::Open => false,
            Stage::Assigned => of == Stage::Assigned,
            Stage::Accepted => matches!(of, Stage::Assigned | Stage::Accepted),
            Stage::EnRoute => of != Stage::InProgress,
            Stage::InProgress | Stage::OnHold | Stage::Completed => true,
        };
        let mut at = begin;
        // The last hours of a long wait are the work itself.
        let last = if stage == Stage::Completed { age - 150 } else { age * 9 / 10 };
        let done: Vec<Deed> =
            way.into_iter().filter(|(of, _)| reached(*of)).map(|(_, deed)| deed).collect();
        for deed in &done {
            at += TimeDelta::seconds(last.max(20) * 60 / (done.len() as i64 + 1));
            self.steps.push((at, *deed));
        }
        match stage {
            Stage::OnHold => {
                at += TimeDelta::minutes(20);
                self.steps.push((at, act(JobAction::Hold)));
            }
            Stage::Completed => {
                self.finish(job, at);
            }
            _ => {}
        }
    }
}

/// What customers complain about, and what it turned out to be.
const FAULTS: [(&str, &str, &str); 8] = [
    (
        "Internet mati, lampu LOS merah",
        "Lampu LOS di modem merah sejak pagi.",
        "Kabel dropcore putus tertimpa dahan di dekat tiang. Disambung ulang, redaman normal.",
    ),
    (
        "Internet lambat pada malam hari",
        "Kecepatan jauh di bawah paket, terutama setelah pukul 19.",
        "Konektor di roset kotor. Dibersihkan dan diganti, hasil speedtest sesuai paket.",
    ),
    (
        "Sering putus-nyambung",
        "Koneksi hilang beberapa menit lalu kembali lagi.",
        "Fast connector longgar. Diganti dua sisi, koneksi stabil selama 30 menit pengujian.",
    ),
    (
        "WiFi tidak sampai kamar belakang",
        "Sinyal WiFi lemah di lantai dua.",
        "Modem dipindah ke ruang tengah dan kanal WiFi diatur ulang. Sinyal merata.",
    ),
    (
        "Modem tidak menyala",
        "Semua lampu modem mati.",
        "Adaptor rusak. Diganti baru, modem menyala normal.",
    ),
    (
        "Tidak bisa membuka beberapa situs",
        "Media sosial lancar, situs bank tidak bisa.",
        "DNS di modem salah. Dikembalikan ke bawaan, semua situs terbuka.",
    ),
    (
        "Kabel putus tertabrak kendaraan",
        "Kabel menjuntai di jalan depan rumah.",
        "Tarik ulang kabel dropcore dari ODP ke rumah, klem dipasang lebih tinggi.",
    ),
    (
        "Redaman tinggi",
        "Dilaporkan dari pemantauan: redaman di bawah -27 dBm.",
        "Patchcord tertekuk di belakang lemari. Diganti dan dirapikan.",
    ),
];

/// Title, description and report of a repair.
pub fn fault(job: &JobPlan) -> (&'static str, &'static str, &'static str) {
    FAULTS[job.fault % FAULTS.len()]
}

const HOLDS: [&str; 4] = [
    "Pelanggan tidak di rumah, minta dijadwalkan ulang",
    "Menunggu izin RT untuk menarik kabel",
    "ODP penuh, menunggu port baru",
    "Hujan deras, tiang tidak aman dipanjat",
];

const CANCELS: [&str; 3] = [
    "Pelanggan membatalkan",
    "Sudah normal kembali setelah modem dinyalakan ulang",
    "Laporan ganda",
];

const DECLINES: [&str; 2] = ["Masih di pekerjaan lain di Sewon", "Motor mogok"];

/// Why an action was taken.
pub fn reason(job: &JobPlan, action: JobAction) -> Option<String> {
    let texts: &[&str] = match action {
        JobAction::Hold => &HOLDS,
        JobAction::Cancel => &CANCELS,
        JobAction::Decline => &DECLINES,
        _ => return None,
    };
    Some(texts[job.fault % texts.len()].to_owned())
}
