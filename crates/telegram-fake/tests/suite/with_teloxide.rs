//! The fake with a client library, teloxide.

use std::time::Duration;

use telegram_fake::{FakeTelegram, Fault, RequestOutcome};
use teloxide::net::Download;
use teloxide::payloads::{EditMessageTextSetters, GetUpdatesSetters, SendMessageSetters};
use teloxide::prelude::Requester;
use teloxide::types::{
    ChatId, FileId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageId, ParseMode,
    UpdateKind,
};
use teloxide::{ApiError, Bot, RequestError};

fn bot(telegram: &FakeTelegram) -> Bot {
    Bot::new(telegram.token()).set_api_url(telegram.api_url().parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_with_buttons_and_a_photo() {
    let telegram = FakeTelegram::start();
    let (bot, budi) = (bot(&telegram), telegram.user(42, "Budi"));
    assert!(bot.get_me().await.unwrap().is_bot);
    budi.send("/start");
    let updates = bot.get_updates().timeout(5).await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(message.text(), Some("/start"));
    let row = vec![InlineKeyboardButton::callback("Ambil", "claim")];
    let sent = bot
        .send_message(ChatId(42), "<b>PSB</b> &amp; lain")
        .parse_mode(ParseMode::Html)
        .reply_markup(InlineKeyboardMarkup::new([row]))
        .await
        .unwrap();
    budi.expect("PSB & lain").await;
    budi.tap("Ambil");
    let next = bot.get_updates().offset(updates[0].id.as_offset()).timeout(5).await.unwrap();
    let UpdateKind::CallbackQuery(query) = &next[0].kind else { panic!("{next:?}") };
    assert_eq!(query.data.as_deref(), Some("claim"));
    bot.edit_message_text(ChatId(42), sent.id, "diambil")
        .parse_mode(ParseMode::Html)
        .await
        .unwrap();
    let again = bot.edit_message_text(ChatId(42), sent.id, "diambil").await.unwrap_err();
    assert!(matches!(again, RequestError::Api(ApiError::MessageNotModified)), "{again:?}");
    bot.answer_callback_query(query.id.clone()).await.unwrap();
    budi.send_photo(b"bytes of a picture".to_vec(), Some("ini"));
    let next = bot.get_updates().offset(next[0].id.as_offset()).timeout(5).await.unwrap();
    let UpdateKind::Message(message) = &next[0].kind else { panic!("{next:?}") };
    let largest = message.photo().unwrap().last().unwrap();
    let file = bot.get_file(FileId(largest.file.id.0.clone())).await.unwrap();
    let mut bytes = Vec::new();
    bot.download_file(&file.path, &mut bytes).await.unwrap();
    assert_eq!(bytes, b"bytes of a picture");
    bot.send_photo(ChatId(42), InputFile::memory(vec![1, 2, 3])).await.unwrap();
    assert!(budi.chat().last().unwrap().has_photo);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_are_those_of_telegram() {
    let telegram = FakeTelegram::start();
    let (bot, budi) = (bot(&telegram), telegram.user(42, "Budi"));
    let error = bot.send_message(ChatId(42), "x").await.unwrap_err();
    assert!(error.to_string().contains("can't initiate conversation"), "{error:?}");
    budi.send("/start");
    telegram.fail_next(Some("sendMessage"), Fault::TooManyRequests { retry_after: 7 }, 1);
    let error = bot.send_message(ChatId(42), "x").await.unwrap_err();
    let RequestError::RetryAfter(seconds) = error else { panic!("{error:?}") };
    assert_eq!(seconds.seconds(), 7);
    for failure in
        [Fault::Status(502), Fault::ConnectionReset, Fault::Hang(Duration::from_millis(5))]
    {
        telegram.fail_next(Some("sendMessage"), failure, 1);
        assert!(bot.send_message(ChatId(42), "x").await.is_err(), "{failure:?}");
    }
    assert!(budi.chat().last().is_none(), "none of them had an effect");
    telegram.fail_next(None, Fault::ResponseLost, 1);
    assert!(bot.send_message(ChatId(42), "sampai").await.is_err());
    budi.expect("sampai").await;
    assert_eq!(telegram.log().last().unwrap().outcome, RequestOutcome::ResponseLost);
    telegram.shut_down();
    assert!(bot.send_message(ChatId(42), "pergi").await.is_err());
    telegram.restart();
    bot.send_message(ChatId(42), "kembali").await.unwrap();
    budi.block_bot();
    let error = bot.send_message(ChatId(42), "x").await.unwrap_err();
    assert!(matches!(error, RequestError::Api(ApiError::BotBlocked)), "{error:?}");
    let gone = bot.edit_message_text(ChatId(7), MessageId(1), "x").await.unwrap_err();
    assert!(matches!(gone, RequestError::Api(ApiError::ChatNotFound)), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_long_poll_ends_when_a_newer_one_comes() {
    let telegram = FakeTelegram::start();
    let first = bot(&telegram);
    let waiting = tokio::spawn(async move { first.get_updates().timeout(10).await });
    let seen = |telegram: &FakeTelegram| telegram.poll_count() > 0;
    while !seen(&telegram) {
        tokio::task::yield_now().await;
    }
    let second = bot(&telegram);
    let budi = telegram.user(42, "Budi");
    let newer = tokio::spawn(async move { second.get_updates().timeout(10).await });
    let ended = waiting.await.unwrap().unwrap_err();
    assert!(matches!(ended, RequestError::Api(ApiError::TerminatedByOtherGetUpdates)), "{ended:?}");
    budi.send("halo");
    assert_eq!(newer.await.unwrap().unwrap().len(), 1);
}
