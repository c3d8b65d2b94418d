//! Messages that the bot has no use for: a line where a person expects one, otherwise silence.

use serde_json::json;
use telegram_fake::{Chat, OtherKind};

use super::fixtures::{Fixture, arrive, message_count, open_report};
use crate::harness::Backend;
use crate::on_both_databases;

on_both_databases!(
    starting: every_kind_of_message_is_answered_with_what_is_expected_and_the_report_stays,
    outside_of_a_dialogue_content_gets_one_line_and_a_mood_none,
    what_comes_from_groups_and_channels_is_passed_over,
);

async fn every_kind_of_message_is_answered_with_what_is_expected_and_the_report_stays(
    backend: Backend,
) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    for kind in OtherKind::ALL {
        phone.send_other(kind);
    }
    phone.send_sticker();
    phone.send_voice();
    phone.share_contact_of(None, "6281234500099");
    phone.send_document(b"catatan".to_vec(), "catatan.pdf", "application/pdf");
    phone.send("Konektor diganti");
    phone.expect("Laporan: Konektor diganti").await;
    // All but the service message, of which the person knows nothing.
    let lines = OtherKind::ALL.len() - 1 + 4;
    assert_eq!(message_count(&phone, "Ketik laporannya dulu"), lines, "{}", phone.transcript());
}

async fn outside_of_a_dialogue_content_gets_one_line_and_a_mood_none(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    for kind in [OtherKind::Dice, OtherKind::Animation, OtherKind::ChatBackground] {
        phone.send_other(kind);
    }
    phone.send_sticker();
    phone.send_other(OtherKind::Video);
    phone.expect("Yang bisa dibaca di sini").await;
    phone.share_contact(&phone.id().to_string());
    phone.expect("Nomor HP tidak diubah dari chat ini").await;
    assert_eq!(phone.chat().texts().len(), 2, "{}", phone.transcript());
}

async fn what_comes_from_groups_and_channels_is_passed_over(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let group = json!({ "id": -100_200, "type": "supergroup", "title": "Tim" });
    let channel = json!({ "id": -100_300, "type": "channel", "title": "Info" });
    let person = json!({ "id": phone.id(), "is_bot": false, "first_name": "Budi" });
    let bot = &fixture.bot_app.telegram;
    bot.deliver_raw(
        "message",
        json!({ "message_id": 5, "date": 1, "chat": group, "from": person, "text": "/jobs" }),
    );
    bot.deliver_raw(
        "channel_post",
        json!({ "message_id": 6, "date": 1, "chat": channel, "text": "halo" }),
    );
    let reaction = json!([{ "type": "emoji", "emoji": "👍" }]);
    let private = json!({ "id": phone.id(), "type": "private", "first_name": "Budi" });
    bot.deliver_raw(
        "message_reaction",
        json!({ "chat": private, "message_id": 5, "user": person, "date": 1,
            "old_reaction": [], "new_reaction": reaction }),
    );
    bot.deliver_raw("hologram_call", json!({ "chat": { "id": phone.id() } }));
    phone.send("/profile");
    phone.expect("Sedang dinas").await;
    assert_eq!(phone.chat().texts().len(), 1, "{}", phone.transcript());
    let confirmed = |_: &Chat| (bot.unconfirmed_updates() == 0).then_some(());
    phone.wait_for("every update is confirmed", confirmed).await;
    let to_others = bot.log().into_iter().filter(|request| request.chat.is_some_and(|id| id < 0));
    assert_eq!(to_others.count(), 0);
}
