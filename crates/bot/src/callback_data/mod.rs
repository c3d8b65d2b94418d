//! Callback data of buttons, signed for the chat that they are shown in. Each flow has its own enum.

pub mod admin;
pub mod bag;
pub mod completion;
pub mod jobs;
pub mod profile;
pub mod registration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use services::encryption::{Cipher, KEY_BYTES};
use sha2::Sha256;
use shared::ChatId;
use subtle::ConstantTimeEq;

use self::admin::AdminCallback;
use self::bag::BagCallback;
use self::completion::CompletionCallback;
use self::jobs::JobCallback;
use self::profile::ProfileCallback;
use self::registration::RegistrationCallback;

/// Bytes of the message authentication code: long enough for the few guesses that a chat has.
const MAC_BYTES: usize = 6;
/// Characters of the encoded code.
const MAC_CHARS: usize = 8;

/// What a button asks for. Its JSON is part of `callback_data` (at most 64 bytes with the code), so
/// names are short; they must not change, because buttons outlive an upgrade.
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

impl From<JobCallback> for CallbackData {
    fn from(callback: JobCallback) -> Self {
        Self::Job(callback)
    }
}

impl From<CompletionCallback> for CallbackData {
    fn from(callback: CompletionCallback) -> Self {
        Self::Completion(callback)
    }
}

impl From<BagCallback> for CallbackData {
    fn from(callback: BagCallback) -> Self {
        Self::Bag(callback)
    }
}

impl From<ProfileCallback> for CallbackData {
    fn from(callback: ProfileCallback) -> Self {
        Self::Profile(callback)
    }
}

impl From<RegistrationCallback> for CallbackData {
    fn from(callback: RegistrationCallback) -> Self {
        Self::Registration(callback)
    }
}

impl From<AdminCallback> for CallbackData {
    fn from(callback: AdminCallback) -> Self {
        Self::Admin(callback)
    }
}

/// Characters of a serial number that fit into a button.
const SERIAL_SUFFIX_CHARS: usize = 10;

/// The end of a serial number, by which a button names it.
pub fn serial_suffix(serial: &str) -> String {
    let skip = serial.chars().count().saturating_sub(SERIAL_SUFFIX_CHARS);
    serial.chars().skip(skip).collect()
}

/// Signs and verifies callback data. Permissions do not come from it, they are checked when a button is
/// pressed; but what it names is certainly something that the bot offered in this chat.
#[derive(Clone)]
pub struct CallbackSigner {
    key: [u8; KEY_BYTES],
}

impl CallbackSigner {
    /// The signer of this installation.
    pub fn new(cipher: &Cipher) -> Self {
        Self { key: cipher.derive_key("telegram buttons") }
    }

    /// The `callback_data` of a button in this chat.
    pub fn sign(&self, chat: ChatId, callback: &CallbackData) -> String {
        let json = serde_json::to_string(callback).unwrap_or_default();
        format!("{}{json}", URL_SAFE_NO_PAD.encode(self.mac(chat, &json)))
    }

    /// Reads the `callback_data` of a pressed button; `None` if it was not signed for this chat.
    pub fn verify(&self, chat: ChatId, data: &str) -> Option<CallbackData> {
        let (mac, json) = data.split_at_checked(MAC_CHARS)?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        let genuine = bool::from(mac.ct_eq(&self.mac(chat, json)));
        if genuine { serde_json::from_str(json).ok() } else { None }
    }

    fn mac(&self, chat: ChatId, json: &str) -> [u8; MAC_BYTES] {
        let mut hmac = <Hmac<Sha256> as Mac>::new_from_slice(&self.key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        hmac.update(&chat.0.to_be_bytes());
        hmac.update(json.as_bytes());
        let mut mac = [0; MAC_BYTES];
        mac.copy_from_slice(&hmac.finalize().into_bytes()[..MAC_BYTES]);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback_data::admin::{AdminReason, JobFilter, ReportPeriod};
    use crate::callback_data::bag::ReturnAction;
    use crate::callback_data::completion::{ReportAction, ReportPart};
    use crate::callback_data::jobs::{JobReason, QuickTransition};
    use shared::job::DeviceCondition;
    use shared::photo::PhotoKind;
    use shared::technician::SkillKind;
    use shared::{BagReturnId, ItemId, JobId, Lang, RegistrationId, TechnicianId};

    /// The limit of Telegram.
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
        let actions = [
            ReportAction::Open,
            ReportAction::GoToPart(ReportPart::Material),
            ReportAction::SetPhotoKind(PhotoKind::Attenuation),
            ReportAction::PickSerial("ABCDEFGHIJ".into()),
            ReportAction::Add(item, -10),
            ReportAction::Item(item),
            ReportAction::ToggleUnit(item, "ABCDEFGHIJ".into()),
            ReportAction::OtherItems(9_999),
            ReportAction::PickReturned("ABCDEFGHIJ".into()),
            ReportAction::SetCondition(DeviceCondition::Damaged),
            ReportAction::NoneReturned,
            ReportAction::ConfirmMaterial,
            ReportAction::Submit,
            ReportAction::Close,
            ReportAction::AttachPhotos,
        ];
        let reports = actions.map(|action| CompletionCallback(job, action));
        let profile = [ProfileCallback::Duty(false), ProfileCallback::Language(Lang::En)];
        jobs.map(CallbackData::from)
            .into_iter()
            .chain(reports.map(CallbackData::from))
            .chain(profile.map(CallbackData::from))
            .chain(bag_callbacks())
            .collect()
    }

    fn bag_callbacks() -> Vec<CallbackData> {
        let (id, item) = (BagReturnId(LARGE_ID), ItemId(LARGE_ID));
        let actions = [
            ReturnAction::ItemPage(9_999),
            ReturnAction::Item(item),
            ReturnAction::Add(item, -100),
            ReturnAction::AddAll(item),
            ReturnAction::ToggleUnit(item, "ABCDEFGHIJ".into()),
            ReturnAction::AddEverything,
            ReturnAction::Submit,
            ReturnAction::Cancel,
        ];
        let others = [
            BagCallback::Refresh,
            BagCallback::GiveBack,
            BagCallback::Withdraw(id),
            BagCallback::Confirm(id),
        ];
        let edits = actions.map(BagCallback::Edit);
        edits.into_iter().chain(others).map(CallbackData::from).collect()
    }

    fn office_callbacks() -> Vec<CallbackData> {
        let (job, technician) = (JobId(LARGE_ID), TechnicianId(LARGE_ID));
        let registration = RegistrationId(LARGE_ID);
        let decisions = [
            RegistrationCallback::Skill(SkillKind::Installation, true),
            RegistrationCallback::Approve(registration),
            RegistrationCallback::RejectReady(registration, 99),
        ];
        let callbacks = [
            AdminCallback::Overview,
            AdminCallback::JobPage(JobFilter::Overdue, 9_999),
            AdminCallback::Open(job),
            AdminCallback::Refresh(job),
            AdminCallback::Candidates(job),
            AdminCallback::Assign(job, technician),
            AdminCallback::Verify(job),
            AdminCallback::AskReason(job, AdminReason::Cancel),
            AdminCallback::ReadyReason(job, AdminReason::Unassign, 99),
            AdminCallback::CustomReason(job, AdminReason::Reopen),
            AdminCallback::LowStock,
            AdminCallback::Item(ItemId(LARGE_ID)),
            AdminCallback::SearchItem,
            AdminCallback::TechnicianPage(9_999),
            AdminCallback::Report(ReportPeriod::Month),
            AdminCallback::Applicants,
            AdminCallback::BagReturns,
        ];
        let decisions = decisions.map(CallbackData::from).into_iter();
        decisions.chain(callbacks.map(CallbackData::from)).collect()
    }

    #[test]
    fn callback_data_fits_and_survives_a_round_trip() {
        for callback in technician_callbacks().into_iter().chain(office_callbacks()) {
            let data = signer().sign(ChatId(LARGE_ID), &callback);
            assert!(data.len() <= MAX_CALLBACK_BYTES, "{} bytes: {data}", data.len());
            assert_eq!(signer().verify(ChatId(LARGE_ID), &data), Some(callback));
        }
    }

    #[test]
    fn callback_data_of_another_chat_or_changed_is_rejected() {
        let data = signer().sign(ChatId(1), &JobCallback::Skip(JobId(17)).into());
        assert_eq!(signer().verify(ChatId(2), &data), None);
        assert_eq!(signer().verify(ChatId(1), &data.replace("17", "18")), None);
        assert_eq!(signer().verify(ChatId(1), ""), None);
    }
}
