//! `getUpdates`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::api::Api;

fn ids(updates: &[Value]) -> Vec<i64> {
    updates.iter().map(|update| update["update_id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn updates_are_repeated_until_they_are_confirmed() {
    let api = Api::new();
    let budi = api.budi();
    let [one, two, three] = ["a", "b", "c"].map(|text| budi.send(text));
    assert_eq!(ids(&api.updates(0).await), [one, two, three]);
    assert_eq!(ids(&api.updates(0).await), [one, two, three]);
    let limited = api.call("getUpdates", json!({ "offset": two, "limit": 1 })).await;
    assert_eq!(ids(limited.as_array().unwrap()), [two]);
    assert_eq!(api.telegram.unconfirmed_updates(), 2);
    assert_eq!(ids(&api.updates(-1).await), [three], "a negative offset counts from the end");
    assert_eq!(api.telegram.unconfirmed_updates(), 1);
    assert!(api.updates(three + 1).await.is_empty());
}

#[tokio::test]
async fn a_long_poll_ends_with_the_first_update() {
    let api = Api::new();
    let budi = api.budi();
    let (got, id) = tokio::join!(api.call("getUpdates", json!({ "timeout": 30 })), async {
        while api.telegram.poll_count() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        budi.send("halo")
    });
    assert_eq!(ids(got.as_array().unwrap()), [id]);
}

#[tokio::test]
async fn only_allowed_kinds_of_updates_are_delivered() {
    let api = Api::new();
    let budi = api.budi();
    api.call("getUpdates", json!({ "allowed_updates": ["callback_query"] })).await;
    budi.send("halo");
    let pressed = budi.press(1, "x");
    assert_eq!(ids(&api.updates(0).await), [pressed]);
    api.call("getUpdates", json!({ "allowed_updates": [] })).await;
    let said = budi.send("halo");
    assert_eq!(ids(&api.updates(0).await), [pressed, said]);
}

#[tokio::test]
async fn updates_can_be_repeated_and_unknown() {
    let api = Api::new();
    let budi = api.budi();
    let said = budi.send("halo");
    assert!(api.updates(said + 1).await.is_empty());
    api.telegram.redeliver(said);
    assert_eq!(ids(&api.updates(0).await), [said]);
    let poll = json!({ "id": "1" });
    let strange = api.telegram.deliver_raw("poll_answer", poll.clone());
    let far = api.telegram.deliver_update(json!({ "update_id": 90_000, "poll_answer": poll }));
    assert_eq!((strange, far), (said + 1, 90_000));
    assert_eq!(budi.send("lagi"), 90_001);
    assert_eq!(ids(&api.updates(0).await), [said, strange, 90_000, 90_001]);
}

#[tokio::test]
async fn only_one_long_poll_runs_and_none_beside_a_webhook() {
    let api = Api::new();
    let waiting = api.http.post(api.url("getUpdates")).json(&json!({ "timeout": 30 })).send();
    let waiting = tokio::spawn(waiting);
    while api.telegram.poll_count() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    api.call("setWebhook", json!({ "url": "http://127.0.0.1:9/x" })).await;
    let ended = waiting.await.unwrap().unwrap();
    assert_eq!(ended.status(), 409);
    let ended: Value = ended.json().await.unwrap();
    assert_eq!(ended["description"], "Conflict: terminated by setWebhook request");
    let refused = api.refused("getUpdates", json!({})).await;
    assert!(refused.starts_with("Conflict: can't use getUpdates method while webhook is active"));
    api.call("deleteWebhook", json!({})).await;
    assert!(api.updates(0).await.is_empty());
}
