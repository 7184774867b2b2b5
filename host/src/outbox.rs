//! Messages on their way. In: what waits in the outbox. Out: messages with a gateway, and what became of them in the log. A message
//! is taken out when it has gone, so it goes at least once. Refuses to write its text to a log.

use crate::gateway::Gateway;
use crate::store::Store;
use crate::writer::{Caller, Clock, Writer};
use jiff::Timestamp;
use keyward_host_core::id::HookId;
use keyward_host_core::kinds::Channel;
use serde_json::Value;
use std::time::Duration;

/// Sends what is due, for ever.
pub async fn deliver(store: Store, writer: Writer, gateway: Gateway, clock: Clock) {
    loop {
        if let Err(error) = round(&store, &writer, &gateway, (clock)()).await {
            eprintln!("keyward-host: the outbox could not be read: {error}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Sends what is due now.
pub async fn round(store: &Store, writer: &Writer, gateway: &Gateway, now: Timestamp) -> Result<(), String> {
    let orgs = store.orgs().await.map_err(|error| error.to_string())?;
    for (org, notice, message) in store.due(now, 100).await.map_err(|error| error.to_string())? {
        let Some((_, slug)) = orgs.iter().find(|(id, _)| *id == org) else { continue };
        let until = message["until"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let word = |name: &str| message[name].as_str().unwrap_or_default().to_string();
        let channel = Channel::of(&word("channel")).ok_or("a message has no channel")?;
        let sent = match until {
            Some(until) if until <= now => Err("too late".to_string()),
            _ if channel == Channel::Webhook => hook(writer, gateway, slug, &notice.to_string(), &message, now).await,
            _ => gateway.send(&notice.to_string(), channel, &word("to"), &word("text"), now).await,
        };
        let told = writer.act(slug, Caller::System, None, None, move |turn| {
            match sent {
                Ok(()) => turn.sent_out(notice),
                Err(why) => {
                    turn.not_sent(notice, &why);
                }
            }
            Ok((200, Value::Null))
        });
        told.await;
    }
    Ok(())
}

/// Tells another system. Where it is and the secret for it are looked up now: whoever was taken away is told nothing more.
async fn hook(
    writer: &Writer,
    gateway: &Gateway,
    slug: &str,
    notice: &str,
    message: &Value,
    now: Timestamp,
) -> Result<(), String> {
    let id: HookId = message["to"].as_str().and_then(|id| id.parse().ok()).ok_or("there is no such webhook")?;
    let known = writer
        .look(slug, move |org, _, _| org.vault.hook(id).map(|(url, secret)| (url.to_string(), secret.to_string())));
    let (url, secret) = known.await.ok().flatten().ok_or("the webhook was taken away")?;
    gateway.hooks.send(&url, &secret, notice, message["text"].as_str().unwrap_or_default(), now).await
}

/// Lets the clock do its work in every organization, for ever.
pub async fn tick(store: Store, writer: Writer, clock: Clock) {
    let mut rounds: u64 = 0;
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let Ok(orgs) = store.orgs().await else { continue };
        for (_, slug) in orgs {
            let ticked = writer.act(&slug, Caller::System, None, None, |turn| {
                turn.tick();
                Ok((200, Value::Null))
            });
            ticked.await;
        }
        if let Err(error) = silent(&store, &writer, (clock)()).await {
            eprintln!("keyward-host: it could not be read which boxes were heard of: {error}");
        }
        rounds += 1;
        if rounds.is_multiple_of(3_600)
            && let Err(error) = store.forget((clock)()).await
        {
            eprintln!("keyward-host: old answers could not be forgotten: {error}");
        }
    }
}

/// Seconds after which a box that says nothing counts as offline (W7).
const SILENT: i64 = 90;

/// Notes boxes that no host has heard of for a while.
pub async fn silent(store: &Store, writer: &Writer, now: Timestamp) -> Result<(), String> {
    for (slug, name) in store.silent(now, SILENT).await.map_err(|error| error.to_string())? {
        let Ok(r#box) = name.parse() else { continue };
        let known = writer.look(&slug, move |org, _, _| org.boxes.get(&r#box).is_some_and(|it| it.online)).await;
        if known == Ok(true) {
            let noted = writer.act(&slug, Caller::System, None, None, move |turn| {
                turn.heard_of(r#box, false);
                Ok((200, Value::Null))
            });
            noted.await;
        }
    }
    Ok(())
}
