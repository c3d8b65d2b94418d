//! Data and helpers of the technician tests: warehouse, customer, chats.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use shared::customer::{Customer, CustomerInput};
use shared::inventory::{Item, ItemInput, ItemUnit, Line};
use shared::job::{Job, JobCreate, JobPriority, JobType};
use shared::settings::{MaterialLine, Settings};
use shared::{Role, Rupiah};
use telegram_fake::{Chat, ChatMessage, TestUser};

use crate::harness::telegram::TelegramApp;
use crate::harness::{
    Backend, Client, TestTechnician, customer_input, job_request, movement_line, receive_goods,
};

/// Serial numbers of the two modems in the warehouse.
pub const MODEM: &str = "ZTEGC0000001";
pub const OTHER_MODEM: &str = "ZTEGC0000002";

/// Server whose installations need 50 m of cable, a modem and two connectors, of which the
/// warehouse has only one.
pub struct Fixture {
    pub bot_app: TelegramApp,
    pub admin: Client,
}

impl Fixture {
    pub async fn new(backend: Backend) -> Self {
        Self::with_bot_app(TelegramApp::start(backend).await).await
    }

    async fn with_bot_app(bot_app: TelegramApp) -> Self {
        let admin = bot_app.app.sign_in_as(Role::Admin).await;
        let superadmin = bot_app.app.sign_in_as(Role::Superadmin).await;
        let mut items = Vec::new();
        for (code, name, unit, serialized) in [
            ("DW-1C", "Kabel dropcore", ItemUnit::Metre, false),
            ("SC-UPC", "Konektor SC", ItemUnit::Pieces, false),
            ("ONT-ZTE", "Modem ONT", ItemUnit::Pieces, true),
        ] {
            let input = ItemInput {
                pack_size: None,
                code: code.into(),
                name: name.into(),
                category: "uji".into(),
                unit,
                serialized,
                min_stock: 0,
                price: Rupiah(1_000),
            };
            let item: Item = admin.post("/inventory", &input).await;
            items.push(item.id);
        }
        let [cable, connector, modem] = items[..] else { panic!("three items") };
        let serials = Some(vec![MODEM.to_owned(), OTHER_MODEM.to_owned()]);
        let modems = Line { item_id: modem, quantity: 2, serial_numbers: serials };
        receive_goods(
            &admin,
            vec![movement_line(cable, 1_000), movement_line(connector, 1), modems],
        )
        .await;
        let mut settings: Settings = superadmin.get("/settings").await;
        let plan = [(cable, 50), (connector, 2), (modem, 1)];
        settings.for_job_type_mut(JobType::Installation).materials =
            plan.map(|(item_id, quantity)| MaterialLine { item_id, quantity }).to_vec();
        let _: Settings = superadmin.put("/settings", settings.version, &settings).await;
        Self { bot_app, admin }
    }

    /// Creates a technician with a linked chat.
    pub async fn technician(&self, name: &str) -> (TestTechnician, TestUser) {
        self.bot_app.technician(&self.admin, name).await
    }

    async fn customer(&self) -> Customer {
        let input = CustomerInput {
            phone: "081234567890".into(),
            odp: Some("ODP-SLM-01".into()),
            ..customer_input("Siti <Rahayu>")
        };
        self.admin.post("/customers", &input).await
    }

    /// Creates an urgent installation, which is offered to every technician on duty.
    pub async fn installation(&self) -> Job {
        let request = JobCreate {
            priority: Some(JobPriority::Urgent),
            description: Some("Rumah pagar hijau".into()),
            ..job_request(&self.customer().await, JobType::Installation)
        };
        self.admin.post("/jobs", &request).await
    }

    /// Creates a repair, which is offered to every technician on duty.
    pub async fn repair(&self) -> Job {
        let request = job_request(&self.customer().await, JobType::Repair);
        self.admin.post("/jobs", &request).await
    }

    pub async fn job(&self, job: &Job) -> Job {
        self.admin.get(&format!("/jobs/{}", job.id)).await
    }
}

/// Claims an offered job and starts the work at the customer.
pub async fn arrive(person: &TestUser, job: &Job) {
    for (label, word) in
        [("Ambil", "milik Anda"), ("Berangkat", "Hati-hati"), ("Sampai & mulai", "Selamat bekerja")]
    {
        press_button(person, &job.number, label).await;
        person.expect_toast(word).await;
    }
    message_with_button(person, &job.number, "🏁 Selesai").await;
}

/// Opens the report of a job that is in progress.
pub async fn open_report(person: &TestUser, job: &Job) {
    press_button(person, &job.number, "🏁 Selesai").await;
    person.expect(&format!("Laporan {}", job.number)).await;
}

/// Waits for a message with this text and presses its button.
pub async fn press_button(person: &TestUser, text: &str, label: &str) {
    let message = message_with_button(person, text, label).await;
    person.tap_on(message, label);
}

/// Waits for the newest message with this text and button. Returns its id.
pub async fn message_with_button(person: &TestUser, text: &str, label: &str) -> i64 {
    let found = |chat: &Chat| {
        let has = |message: &&ChatMessage| {
            message.text.contains(text)
                && message.buttons.iter().flatten().any(|button| button.label.contains(label))
        };
        chat.messages.iter().rev().find(has).map(|message| message.id)
    };
    person.wait_for(&format!("{text} [{label}]"), found).await
}

/// Returns the transcript with each toast right below its button press, because it may arrive before
/// or after the changed message.
pub fn ordered_transcript(person: &TestUser) -> String {
    let is_word = |line: &str| line.starts_with("        (") && line.ends_with(')');
    let mut reported: Vec<String> = Vec::new();
    let mut after_press = 0;
    for line in person.transcript().lines() {
        if is_word(line) {
            reported.insert(after_press, line.to_owned());
        } else {
            reported.push(line.to_owned());
        }
        if line.contains("▸") || is_word(line) {
            after_press = reported.len();
        }
    }
    reported.join("\n")
}

/// Counts the button presses.
pub fn tap_count(person: &TestUser) -> usize {
    person.transcript().matches("▸").count()
}

/// Counts the visible messages of the bot with this text.
pub fn message_count(person: &TestUser, text: &str) -> usize {
    person.chat().texts().iter().filter(|shown| shown.contains(text)).count()
}

/// Draws a label with this serial number as a Code 128 bar code.
pub fn serial_label_image(serial: &str) -> Vec<u8> {
    use rxing::{BarcodeFormat, MultiFormatWriter, Writer};
    let code = MultiFormatWriter.encode(serial, &BarcodeFormat::CODE_128, 700, 160).unwrap();
    let (width, height) = (code.width() + 200, code.height() + 200);
    let picture = GrayImage::from_fn(width, height, |x, y| {
        let inside = (100..width - 100).contains(&x) && (100..height - 100).contains(&y);
        Luma([if inside && code.get(x - 100, y - 100) { 10 } else { 240 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}
