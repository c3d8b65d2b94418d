//! Buttons: what they say when they are pressed, and the proof that the bot made them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use services::vault::{KEY_BYTES, Vault};
use sha2::Sha256;
use shared::ChatId;
use subtle::ConstantTimeEq;

use crate::flows::{
    AdminPress, BagPress, CompletionPress, JobPress, ProfilePress, RegistrationPress,
};

/// Bytes of the proof: what a guess has to hit within the few tries that a chat has.
const PROOF_BYTES: usize = 6;
/// The proof as text.
const PROOF_CHARS: usize = 8;

/// What a button says. Its JSON goes into `callback_data` (at most 64 bytes with the proof), so
/// names are short; they stay as they are, because buttons outlive an upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Press {
    #[serde(rename = "j")]
    Job(JobPress),
    #[serde(rename = "c")]
    Completion(CompletionPress),
    #[serde(rename = "b")]
    Bag(BagPress),
    #[serde(rename = "p")]
    Profile(ProfilePress),
    #[serde(rename = "r")]
    Registration(RegistrationPress),
    #[serde(rename = "a")]
    Admin(AdminPress),
}

/// The last characters of a serial number tell it apart; a button has no room for more.
const SERIAL_END: usize = 10;

/// The end of a serial number, as a button names it.
pub fn serial_end(serial: &str) -> String {
    let skip = serial.chars().count().saturating_sub(SERIAL_END);
    serial.chars().skip(skip).collect()
}

/// Makes and checks `callback_data`. Rights do not come from it (they are looked up when the button
/// is pressed), but what a button names can be trusted to be what the bot offered in this chat.
#[derive(Clone)]
pub struct Buttons {
    key: [u8; KEY_BYTES],
}

impl Buttons {
    /// Buttons of this installation.
    pub fn new(vault: &Vault) -> Self {
        Self { key: vault.key_for("telegram buttons") }
    }

    /// The `callback_data` of a button in this chat.
    pub fn data(&self, chat: ChatId, press: &Press) -> String {
        let said = serde_json::to_string(press).unwrap_or_default();
        format!("{}{said}", URL_SAFE_NO_PAD.encode(self.proof(chat, &said)))
    }

    /// What a pressed button said; `None` if the bot did not make it for this chat.
    pub fn read(&self, chat: ChatId, data: &str) -> Option<Press> {
        let (proof, said) = data.split_at_checked(PROOF_CHARS)?;
        let proof = URL_SAFE_NO_PAD.decode(proof).ok()?;
        let genuine = bool::from(proof.ct_eq(&self.proof(chat, said)));
        if genuine { serde_json::from_str(said).ok() } else { None }
    }

    fn proof(&self, chat: ChatId, said: &str) -> [u8; PROOF_BYTES] {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(&chat.0.to_be_bytes());
        mac.update(said.as_bytes());
        let mut proof = [0; PROOF_BYTES];
        proof.copy_from_slice(&mac.finalize().into_bytes()[..PROOF_BYTES]);
        proof
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::admin::{Choice, Span, Why as Reason};
    use crate::flows::completion::Part;
    use crate::flows::{Act, Way, Why};
    use shared::photo::PhotoKind;
    use shared::technician::SkillKind;
    use shared::{BagReturnId, ItemId, JobId, RegistrationId, TechnicianId};

    /// Telegram takes no more bytes.
    const LIMIT: usize = 64;
    const LARGE: i64 = 1_000_000_000_000;

    fn buttons() -> Buttons {
        Buttons { key: [7; KEY_BYTES] }
    }

    fn presses() -> Vec<Press> {
        let (job, item) = (JobId(LARGE), ItemId(LARGE));
        let jobs = [
            JobPress::Step(job, Way::Claim),
            JobPress::Skip(job),
            JobPress::Open(job),
            JobPress::Refresh(job),
            JobPress::Ask(job, Why::Hold),
            JobPress::Because(job, Why::Decline, 99),
            JobPress::Other(job, Why::Hold),
            JobPress::Map(job),
            JobPress::Offers(9_999),
            JobPress::Own(9_999),
        ];
        let acts = [
            Act::Begin,
            Act::Go(Part::Material),
            Act::Kind(PhotoKind::Attenuation),
            Act::Serial("ABCDEFGHIJ".into()),
            Act::Add(item, -10),
            Act::Item(item),
            Act::Unit(item, "ABCDEFGHIJ".into()),
            Act::Others(9_999),
            Act::MaterialRight,
            Act::Confirm,
            Act::Leave,
            Act::Attach,
        ];
        let registration = RegistrationId(LARGE);
        let decisions = [
            RegistrationPress::Skill(SkillKind::Installation),
            RegistrationPress::Approve(registration),
            RegistrationPress::Because(registration, 99),
        ];
        let decisions = decisions.map(Press::Registration);
        let acts = acts.map(|act| Press::Completion(CompletionPress(job, act)));
        let jobs = jobs.map(Press::Job);
        jobs.into_iter()
            .chain(acts)
            .chain(decisions)
            .chain([Press::Profile(ProfilePress::Duty(false))])
            .chain(bag_presses())
            .collect()
    }

    fn bag_presses() -> Vec<Press> {
        use crate::flows::bag::Act;
        let (id, item) = (BagReturnId(LARGE), ItemId(LARGE));
        let acts = [
            Act::Items(9_999),
            Act::Item(item),
            Act::Add(item, -100),
            Act::Whole(item),
            Act::Unit(item, "ABCDEFGHIJ".into()),
            Act::Everything,
            Act::Send,
            Act::Leave,
        ];
        let rest =
            [BagPress::Look, BagPress::GiveBack, BagPress::Withdraw(id), BagPress::Confirm(id)];
        acts.map(BagPress::Draft).into_iter().chain(rest).map(Press::Bag).collect()
    }

    fn office_presses() -> Vec<Press> {
        let (job, technician) = (JobId(LARGE), TechnicianId(LARGE));
        let presses = [
            AdminPress::Today,
            AdminPress::Jobs(Choice::Late, 9_999),
            AdminPress::Open(job),
            AdminPress::Refresh(job),
            AdminPress::Candidates(job),
            AdminPress::Assign(job, technician),
            AdminPress::Verify(job),
            AdminPress::Ask(job, Reason::Cancel),
            AdminPress::Because(job, Reason::Unassign, 99),
            AdminPress::Other(job, Reason::Reopen),
            AdminPress::LowStock,
            AdminPress::Item(ItemId(LARGE)),
            AdminPress::Search,
            AdminPress::Team(9_999),
            AdminPress::Report(Span::Month),
            AdminPress::Applicants,
            AdminPress::BagReturns,
        ];
        presses.map(Press::Admin).to_vec()
    }

    #[test]
    fn every_button_fits_and_says_what_it_said() {
        for press in presses().into_iter().chain(office_presses()) {
            let data = buttons().data(ChatId(LARGE), &press);
            assert!(data.len() <= LIMIT, "{} bytes: {data}", data.len());
            assert_eq!(buttons().read(ChatId(LARGE), &data), Some(press));
        }
    }

    #[test]
    fn a_button_of_another_chat_or_a_changed_one_says_nothing() {
        let data = buttons().data(ChatId(1), &Press::Job(JobPress::Skip(JobId(17))));
        assert_eq!(buttons().read(ChatId(2), &data), None);
        assert_eq!(buttons().read(ChatId(1), &data.replace("17", "18")), None);
        assert_eq!(buttons().read(ChatId(1), ""), None);
    }
}
