//! Buttons: what they say when they are pressed, and the proof that the bot made them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use services::encryption::{Cipher, KEY_BYTES};
use sha2::Sha256;
use shared::ChatId;
use subtle::ConstantTimeEq;

use crate::flows::{
    AdminCallback, BagCallback, CompletionCallback, JobCallback, ProfileCallback,
    RegistrationCallback,
};

/// Bytes of the proof: what a guess has to hit within the few tries that a chat has.
const MAC_BYTES: usize = 6;
/// The proof as text.
const MAC_CHARS: usize = 8;

/// What a button says. Its JSON goes into `callback_data` (at most 64 bytes with the proof), so
/// names are short; they stay as they are, because buttons outlive an upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackData {
    #[serde(rename = "j")]
    Job(JobCallback),
    #[serde(rename = "c")]
    Completion(CompletionCallback),
    #[serde(rename = "b")]
    Bag(BagCallback),
    #[serde(rename = "p")]
    Profile(ProfileCallback),
    #[serde(rename = "r")]
    Registration(RegistrationCallback),
    #[serde(rename = "a")]
    Admin(AdminCallback),
}

/// The last characters of a serial number tell it apart; a button has no room for more.
const SERIAL_SUFFIX_CHARS: usize = 10;

/// The end of a serial number, as a button names it.
pub fn serial_suffix(serial: &str) -> String {
    let skip = serial.chars().count().saturating_sub(SERIAL_SUFFIX_CHARS);
    serial.chars().skip(skip).collect()
}

/// Makes and checks `callback_data`. Rights do not come from it (they are looked up when the button
/// is pressed), but what a button names can be trusted to be what the bot offered in this chat.
#[derive(Clone)]
pub struct CallbackSigner {
    key: [u8; KEY_BYTES],
}

impl CallbackSigner {
    /// Buttons of this installation.
    pub fn new(cipher: &Cipher) -> Self {
        Self { key: cipher.derive_key("telegram buttons") }
    }

    /// The `callback_data` of a button in this chat.
    pub fn sign(&self, chat: ChatId, press: &CallbackData) -> String {
        let said = serde_json::to_string(press).unwrap_or_default();
        format!("{}{said}", URL_SAFE_NO_PAD.encode(self.mac(chat, &said)))
    }

    /// What a pressed button said; `None` if the bot did not make it for this chat.
    pub fn verify(&self, chat: ChatId, data: &str) -> Option<CallbackData> {
        let (proof, said) = data.split_at_checked(MAC_CHARS)?;
        let proof = URL_SAFE_NO_PAD.decode(proof).ok()?;
        let genuine = bool::from(proof.ct_eq(&self.mac(chat, said)));
        if genuine { serde_json::from_str(said).ok() } else { None }
    }

    fn mac(&self, chat: ChatId, said: &str) -> [u8; MAC_BYTES] {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(&chat.0.to_be_bytes());
        mac.update(said.as_bytes());
        let mut proof = [0; MAC_BYTES];
        proof.copy_from_slice(&mac.finalize().into_bytes()[..MAC_BYTES]);
        proof
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::admin::{AdminReason as Reason, JobFilter, ReportPeriod};
    use crate::flows::completion::ReportPart;
    use crate::flows::{JobReason, QuickTransition, ReportAction};
    use shared::photo::PhotoKind;
    use shared::technician::SkillKind;
    use shared::{BagReturnId, ItemId, JobId, RegistrationId, TechnicianId};

    /// Telegram takes no more bytes.
    const MAX_CALLBACK_BYTES: usize = 64;
    const LARGE_ID: i64 = 1_000_000_000_000;

    fn signer() -> CallbackSigner {
        CallbackSigner { key: [7; KEY_BYTES] }
    }

    fn technician_callbacks() -> Vec<CallbackData> {
        let (job, item) = (JobId(LARGE_ID), ItemId(LARGE_ID));
        let jobs = [
            JobCallback::Transition(job, QuickTransition::Claim),
            JobCallback::Skip(job),
            JobCallback::Open(job),
            JobCallback::Refresh(job),
            JobCallback::AskReason(job, JobReason::Hold),
            JobCallback::ReadyReason(job, JobReason::Decline, 99),
            JobCallback::CustomReason(job, JobReason::Hold),
            JobCallback::SendLocation(job),
            JobCallback::OfferPage(9_999),
            JobCallback::OwnJobsPage(9_999),
        ];
        let acts = [
            ReportAction::Open,
            ReportAction::GoToPart(ReportPart::Material),
            ReportAction::SetPhotoKind(PhotoKind::Attenuation),
            ReportAction::PickSerial("ABCDEFGHIJ".into()),
            ReportAction::Add(item, -10),
            ReportAction::Item(item),
            ReportAction::ToggleUnit(item, "ABCDEFGHIJ".into()),
            ReportAction::OtherItems(9_999),
            ReportAction::ConfirmMaterial,
            ReportAction::Submit,
            ReportAction::Close,
            ReportAction::AttachPhotos,
        ];
        let registration = RegistrationId(LARGE_ID);
        let decisions = [
            RegistrationCallback::Skill(SkillKind::Installation),
            RegistrationCallback::Approve(registration),
            RegistrationCallback::RejectReady(registration, 99),
        ];
        let decisions = decisions.map(CallbackData::Registration);
        let acts = acts.map(|act| CallbackData::Completion(CompletionCallback(job, act)));
        let jobs = jobs.map(CallbackData::Job);
        jobs.into_iter()
            .chain(acts)
            .chain(decisions)
            .chain([CallbackData::Profile(ProfileCallback::Duty(false))])
            .chain(bag_callbacks())
            .collect()
    }

    fn bag_callbacks() -> Vec<CallbackData> {
        use crate::flows::bag::ReturnAction;
        let (id, item) = (BagReturnId(LARGE_ID), ItemId(LARGE_ID));
        let acts = [
            ReturnAction::ItemPage(9_999),
            ReturnAction::Item(item),
            ReturnAction::Add(item, -100),
            ReturnAction::AddAll(item),
            ReturnAction::ToggleUnit(item, "ABCDEFGHIJ".into()),
            ReturnAction::AddEverything,
            ReturnAction::Submit,
            ReturnAction::Cancel,
        ];
        let rest = [
            BagCallback::Refresh,
            BagCallback::GiveBack,
            BagCallback::Withdraw(id),
            BagCallback::Confirm(id),
        ];
        acts.map(BagCallback::Edit).into_iter().chain(rest).map(CallbackData::Bag).collect()
    }

    fn office_callbacks() -> Vec<CallbackData> {
        let (job, technician) = (JobId(LARGE_ID), TechnicianId(LARGE_ID));
        let presses = [
            AdminCallback::Overview,
            AdminCallback::JobPage(JobFilter::Overdue, 9_999),
            AdminCallback::Open(job),
            AdminCallback::Refresh(job),
            AdminCallback::Candidates(job),
            AdminCallback::Assign(job, technician),
            AdminCallback::Verify(job),
            AdminCallback::AskReason(job, Reason::Cancel),
            AdminCallback::ReadyReason(job, Reason::Unassign, 99),
            AdminCallback::CustomReason(job, Reason::Reopen),
            AdminCallback::LowStock,
            AdminCallback::Item(ItemId(LARGE_ID)),
            AdminCallback::SearchItem,
            AdminCallback::TechnicianPage(9_999),
            AdminCallback::Report(ReportPeriod::Month),
            AdminCallback::Applicants,
            AdminCallback::BagReturns,
        ];
        presses.map(CallbackData::Admin).to_vec()
    }

    #[test]
    fn callback_data_fits_and_survives_a_round_trip() {
        for press in technician_callbacks().into_iter().chain(office_callbacks()) {
            let data = signer().sign(ChatId(LARGE_ID), &press);
            assert!(data.len() <= MAX_CALLBACK_BYTES, "{} bytes: {data}", data.len());
            assert_eq!(signer().verify(ChatId(LARGE_ID), &data), Some(press));
        }
    }

    #[test]
    fn callback_data_of_another_chat_or_changed_is_rejected() {
        let data = signer().sign(ChatId(1), &CallbackData::Job(JobCallback::Skip(JobId(17))));
        assert_eq!(signer().verify(ChatId(2), &data), None);
        assert_eq!(signer().verify(ChatId(1), &data.replace("17", "18")), None);
        assert_eq!(signer().verify(ChatId(1), ""), None);
    }
}
